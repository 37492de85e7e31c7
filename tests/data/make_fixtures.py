"""Make the event files of this folder with a real framework, and what an independent reader finds in them.

    python make_fixtures.py tensorflow|torch|tensorboardx

writes the logdir ``<framework>/`` beside this script, and into it ``expected.json``.
The committed files were made under Python 3.11 and numpy 2.4.6 with

- tensorflow 2.21.0, keras 3.15.1, tensorboard 2.21.0, protobuf 7.36.2
- torch 2.13.0+cpu, tensorboard 2.21.0, protobuf 7.36.2
- tensorboardX 2.6.5, read back through tensorboard 2.21.0

tensorflow 2.21 does not bring tensorboard with it, and ``tf.summary.scalar`` needs it.
Values are fixed. Wall times are ``EPOCH + i`` where the framework lets one say them; where it does not
(``tf.summary``, Keras, the head of each file, the session logs of torch) they are those of the day of making.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

HERE = Path(__file__).resolve().parent
EPOCH = 1_700_000_000.0
NAN, INF = float("nan"), float("inf")
SPECIAL = [0.0, -0.0, 0.1, 1e-45, 3.4e38, NAN, INF, -INF]
SIMPLE, TENSOR = "simple_value", "tensor"
NUMERIC = {1, 2, 3, 4, 5, 6, 9, 10, 14, 17, 19, 22, 23}  # members of enum DataType that may be a scalar

Proto: TypeAlias = Any  # a generated message: every framework brings its own class of the same name

# dtype: the list of TensorProto that holds it, values for that list (half: bits), values for a tensor
FORMS: dict[str, tuple[str, list[float], list[float]]] = {
    "float32": ("float_val", SPECIAL, SPECIAL),
    "float64": ("double_val", [0.1, 1e300, 5e-324, NAN, -INF], [0.1, 1e300, 5e-324, NAN, -INF]),
    "float16": ("half_val", [0x3C00, 0xBC01, 0x0001, 0x7E00, 0xFC00], [1.0, -1.001, 6e-8, NAN, -INF]),
    "bfloat16": ("half_val", [0x3F80, 0xBF81, 0x0001, 0x7FC0, 0x7F80], [1.0, -1.0078125, 1e-40, NAN, INF]),
    "int8": ("int_val", [-128, 0, 127], [-128, 0, 127]),
    "int16": ("int_val", [-(2**15), 0, 2**15 - 1], [-(2**15), 0, 2**15 - 1]),
    "int32": ("int_val", [-(2**31), 0, 2**31 - 1], [-(2**31), 0, 2**31 - 1]),
    "int64": ("int64_val", [-(2**63), 2**53 + 1, 2**63 - 1], [-(2**63), 2**53 + 1, 2**63 - 1]),
    "uint8": ("int_val", [0, 255], [0, 255]),
    "uint16": ("int_val", [0, 2**16 - 1], [0, 2**16 - 1]),
    "uint32": ("uint32_val", [0, 2**32 - 1], [0, 2**32 - 1]),
    "uint64": ("uint64_val", [0, 2**53 + 1, 2**64 - 1], [0, 2**53 + 1, 2**64 - 1]),
    "bool": ("bool_val", [True, False], [True, False]),
}


class Found(NamedTuple):
    """One value of a summary; number is None where it is not a scalar."""

    step: int
    wall_time: float
    tag: str
    number: float | None


def make_tensorflow(logdir: Path) -> None:
    """Write every sort of scalar that TensorFlow, its V1 writer and Keras can write."""
    for name in ("train", "validation"):
        _tf_scalars(logdir / name, offset=0 if name == "train" else 100)
    _tf_contents(logdir / "dtypes" / "content")
    _tf_lists(logdir / "dtypes" / "lists")
    _tf_metadata(logdir / "metadata")
    _tf_media(logdir / "media")
    _tf_v1(logdir / "v1")
    _tf_keras(logdir / "keras")


def _tf_scalars(run: Path, offset: int) -> None:
    import tensorflow as tf

    with tf.summary.create_file_writer(str(run)).as_default():
        for i in range(20):
            tf.summary.scalar("loss", 1 / (i + 1 + offset), step=i)
            tf.summary.scalar("metrics/top 5/accuracy", i / 20, step=i, description="Share of *hits*")
        for i, value in enumerate(SPECIAL):
            tf.summary.scalar("special", _tf_constant(value, "float32"), step=i)
        for step in (-(2**63), -5, 0, 2**31, 2**40, 2**63 - 1):
            tf.summary.scalar("steps", step % 7, step=step)
        tf.summary.scalar("größe/損失/🙂", 0.25, step=1)
        with tf.name_scope("outer"), tf.name_scope("inner"):
            tf.summary.scalar("scoped", tf.constant(16_777_217), step=1)
        tf.summary.scalar("from_double", tf.constant(0.1, tf.float64), step=1)


def _tf_contents(run: Path) -> None:
    import tensorflow as tf

    scalars = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": "scalars"})
    with tf.summary.create_file_writer(str(run)).as_default():
        for dtype, (_, _, values) in FORMS.items():
            for step, value in enumerate(values):
                tf.summary.write(dtype, _tf_constant(value, dtype), step=step, metadata=scalars)


def _tf_constant(value: float, dtype: str) -> Proto:
    """Go through numpy: tf.constant(-0.0) gives 0.0 once 0.0 has been asked for, and loses small bfloat16."""
    import tensorflow as tf

    return tf.constant(tf.dtypes.as_dtype(dtype).as_numpy_dtype(value))


def _tf_lists(run: Path) -> None:
    import tensorflow as tf

    proto = type(tf.make_tensor_proto(0.0))  # TensorProto has no public name
    with tf.Graph().as_default(), tf.compat.v1.summary.FileWriter(str(run)) as writer:
        for dtype, (field, bits, values) in FORMS.items():
            number = tf.dtypes.as_dtype(dtype).as_datatype_enum
            for step, bit in enumerate(bits):
                _tf_add_tensor(writer, dtype, step, proto(dtype=number, **{field: [bit]}))
            for step, value in enumerate(values):
                _tf_add_tensor(writer, f"auto/{dtype}", step, tf.make_tensor_proto(value, dtype))
            # no value at all: the reader makes it zero
            _tf_add_tensor(writer, f"empty/{dtype}", 0, proto(dtype=number, tensor_shape={}))


def _tf_add_tensor(writer: Proto, tag: str, step: int, tensor: Proto) -> None:
    import tensorflow as tf

    event = tf.compat.v1.Event(wall_time=EPOCH + step, step=step)
    value = event.summary.value.add(tag=tag, tensor=tensor)
    value.metadata.plugin_data.plugin_name = "scalars"
    writer.add_event(event)


def _tf_metadata(run: Path) -> None:
    import tensorflow as tf

    def metadata(plugin: str, **names: str) -> Proto:
        return tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": plugin}, **names)

    named = metadata("scalars", display_name="The Loss", summary_description="A **bold** word, äöü")
    with tf.summary.create_file_writer(str(run)).as_default():
        for step in range(3):
            tf.summary.write("named", tf.constant(step / 2), step=step, metadata=named)
            tf.summary.scalar("described", step / 4, step=step, description="[link](https://example.com)")
            tf.summary.write("no_plugin", tf.constant(step, tf.int32), step=step)
            tf.summary.write("other_plugin", tf.constant(1.0), step=step, metadata=metadata("mine"))
            tf.summary.write("one_element", tf.constant([1.0]), step=step, metadata=metadata("scalars"))
            tf.summary.write("complex", tf.constant(1 + 2j), step=step, metadata=metadata("scalars"))
            tf.summary.write("string", tf.constant("1.0"), step=step, metadata=metadata("scalars"))


def _tf_media(run: Path) -> None:
    import tensorflow as tf

    with tf.summary.create_file_writer(str(run)).as_default():
        for step in range(2):
            tf.summary.histogram("weights", [0.0, 0.5, 0.5, 2.0], step=step, buckets=4)
            tf.summary.image("picture", tf.fill([2, 4, 6, 3], 0.5), step=step)
            tf.summary.text("note", "# Title\nhello **world**", step=step)
            tf.summary.scalar("beside", step, step=step)


def _tf_v1(run: Path) -> None:
    import tensorflow as tf

    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph, v1.summary.FileWriter(str(run)) as writer:
        start = v1.SessionLog(status=v1.SessionLog.START)
        writer.add_event(v1.Event(wall_time=EPOCH, step=0, session_log=start))
        for i, value in enumerate([*SPECIAL, 1.5]):
            summary = v1.Summary(value=[{"tag": "loss_1", "simple_value": value}])
            summary.value.add(tag="lr", simple_value=0.1 / (i + 1))
            summary.value.add(tag="named", node_name="node", simple_value=i)
            writer.add_event(v1.Event(wall_time=EPOCH + i, step=10 * i, summary=summary))
        for step in range(3):  # add_summary leaves out the metadata of a tag after its first value
            summary = v1.Summary(value=[{"tag": "tensor", "tensor": tf.make_tensor_proto(step / 8)}])
            summary.value[0].metadata.plugin_data.plugin_name = "scalars"
            summary.value.add(tag="custom", tensor=tf.make_tensor_proto(1.0))
            summary.value[1].metadata.plugin_data.plugin_name = "mine"
            writer.add_summary(summary, step)
        _tf_v1_ops(writer)
        writer.add_graph(graph)


def _tf_v1_ops(writer: Proto) -> None:
    import tensorflow as tf

    v1 = tf.compat.v1
    scalar = v1.summary.scalar("op", tf.constant(0.75))
    histogram = v1.summary.histogram("op_histogram", tf.constant([1.0, 2.0, 2.0]))
    image = v1.summary.image("op_image", tf.fill([1, 2, 3, 1], 0.5))
    with v1.Session() as session:
        for step in range(2):
            writer.add_summary(session.run(v1.summary.merge([scalar, histogram, image])), step)


def _tf_keras(run: Path) -> None:
    import tensorflow as tf

    tf.keras.utils.set_random_seed(1)
    model = tf.keras.Sequential([tf.keras.Input([2]), tf.keras.layers.Dense(1, name="dense")], name="tiny")
    model.compile(optimizer=tf.keras.optimizers.SGD(0.01), loss="mse")
    x, y = tf.ones([4, 2]), tf.ones([4, 1])
    callback = tf.keras.callbacks.TensorBoard(str(run), histogram_freq=0, write_graph=True)
    model.fit(x, y, epochs=3, validation_data=(x, y), verbose=0, callbacks=[callback])


def read_tensorflow(path: Path) -> Iterator[Found]:
    """Read an event file with TensorFlow's own iterator and array maker."""
    import tensorflow as tf

    return _found(tf.compat.v1.train.summary_iterator(str(path)), tf.make_ndarray)


def make_torch(logdir: Path) -> None:
    """Write with torch's SummaryWriter: scalars old and new, sub-runs, a restart, other kinds."""
    _torch_scalars(logdir / "scalars")
    _torch_purge(logdir / "purged")
    _torch_media(logdir / "media")


def _torch_scalars(run: Path) -> None:
    import torch
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(run)) as writer:
        for i in range(20):
            now = EPOCH + i
            writer.add_scalar("old", 1 / (i + 1), i, now)
            writer.add_scalar("new", 1 / (i + 1), i, now, new_style=True)
            writer.add_scalar("new/double", 1 / (i + 1), i, now, new_style=True, double_precision=True)
            writer.add_scalar("old/double", 1 / (i + 1), i, now, double_precision=True)
            writer.add_scalars("loss/both", {"train": i / 10, "valid 1": i / 5}, i, now)
        for i, value in enumerate([*SPECIAL, 16_777_217]):
            writer.add_scalar("special", value, i, EPOCH + i)
            writer.add_scalar("special/new", value, i, EPOCH + i, new_style=True)
            writer.add_scalar("special/double", value, i, EPOCH + i, new_style=True, double_precision=True)
        for i, step in enumerate([-(2**63), -3, -1, 0, 2**40, 2**63 - 1, 1.7]):
            writer.add_scalar("steps", i, step, EPOCH + i / 3)
        writer.add_scalar("no step", 1, walltime=EPOCH)
        writer.add_scalar("größe/損失/🙂", torch.tensor([0.1], dtype=torch.bfloat16), 0, EPOCH)
        writer.add_scalar("numeric string", "2.5", 0, EPOCH)
        writer.add_scalar("int tensor", torch.tensor(2**24 + 1), 0, EPOCH, new_style=True)


def _torch_purge(run: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(run)) as writer:
        for i in range(10):
            writer.add_scalar("loss", i, i, EPOCH + i)
    with SummaryWriter(str(run), purge_step=5) as writer:
        for i in range(5, 12):
            writer.add_scalar("loss", -i, i, EPOCH + 100 + i)


def _torch_media(run: Path) -> None:
    import torch
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(run)) as writer:
        writer.add_text("note", "hello **world**", 0, EPOCH)
        writer.add_histogram("weights", torch.tensor([-1.0, 0.0, 0.5, 0.5, 2.0]), 0, walltime=EPOCH)
        writer.add_image("picture", torch.full([3, 4, 6], 0.5), 0, EPOCH)
        writer.add_tensor("tensor", torch.tensor(1.5), 0, EPOCH)
        writer.add_scalar("beside", 1, 0, EPOCH)


def make_tensorboardx(logdir: Path) -> None:
    """Write with tensorboardX: scalars with and without a display name, sub-runs, a text."""
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(logdir / "main")) as writer:
        for i in range(20):
            now = EPOCH + i
            writer.add_scalar("loss", 1 / (i + 1), i, now)
            writer.add_scalars("loss/both", {"train": i / 10, "valid": i / 5}, i, now)
            writer.add_scalar("named", i / 3, i, now, display_name="The Loss", summary_description="**bold**")
        for i, value in enumerate(SPECIAL):
            writer.add_scalar("special", value, i, EPOCH + i)
        for i, step in enumerate([-3, 0, 2**40]):
            writer.add_scalar("steps", i, step, EPOCH + i)
        writer.add_scalar("größe 損失!", 0.5, 0, EPOCH)
        writer.add_text("note", "hello **world**", 0, EPOCH)


def read_tensorboard(path: Path) -> Iterator[Found]:
    """Read an event file with tensorboard's record reader and protobuf classes, nothing migrated."""
    from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.util.tensor_util import make_ndarray

    records = RawEventFileLoader(str(path)).Load()
    return _found((Event.FromString(record) for record in records), make_ndarray)


def _found(events: Iterable[Proto], to_array: Callable[[Proto], Proto]) -> Iterator[Found]:
    """Every summary value of a file, and its number if it is a scalar by the rules of tests/oracle.py."""
    plugins: dict[str, str] = {}  # of a tag: the first that is named
    for event in events:
        for value in event.summary.value:
            if not plugins.get(value.tag):
                plugins[value.tag] = value.metadata.plugin_data.plugin_name
            number = None
            if value.WhichOneof("value") == SIMPLE:
                number = float(value.simple_value)
            elif value.WhichOneof("value") == TENSOR and plugins[value.tag] in ("", "scalars"):
                number = _number(value.tensor, to_array)
            yield Found(event.step, event.wall_time, value.tag, number)


def _number(tensor: Proto, to_array: Callable[[Proto], Proto]) -> float | None:
    if tensor.dtype not in NUMERIC or len(tensor.tensor_shape.dim) > 0:
        return None
    return float(to_array(tensor))


def _exact(number: float) -> float | str:
    """A number as JSON holds it: the shortest text that gives the same double back, or a name."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")


def describe(logdir: Path, read: Callable[[Path], Iterator[Found]]) -> dict[str, dict[str, dict[str, Proto]]]:
    """Return scalars {run: {tag: [[step, wall time, value]]}} and other {run: {tag: count}} of a logdir."""
    scalars: dict[str, dict[str, list[Proto]]] = {}
    other: dict[str, dict[str, int]] = {}
    for path in sorted(logdir.rglob("events.out.tfevents.*")):
        run = path.parent.relative_to(logdir).as_posix()
        for found in read(path):
            if found.number is None:
                counts = other.setdefault(run, {})
                counts[found.tag] = counts.get(found.tag, 0) + 1
            else:
                points = scalars.setdefault(run, {}).setdefault(found.tag, [])
                points.append([found.step, found.wall_time, _exact(found.number)])
    return {"scalars": scalars, "other": other}


def to_json(content: dict[str, dict[str, dict[str, Proto]]]) -> str:
    """Write the description as JSON, one tag to a line."""
    parts = []
    for part, runs in content.items():
        lines = []
        for run, tags in sorted(runs.items()):
            body = ",\n".join(f"   {_dump(tag)}: {_dump(entry)}" for tag, entry in sorted(tags.items()))
            lines.append(f"  {_dump(run)}: {{\n{body}\n  }}")
        parts.append(f" {_dump(part)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def anonymize(logdir: Path) -> None:
    """Rename the event files so that no host or process shows, in the order in which they were made."""
    pattern = rf"(events\.out\.tfevents)\.(\d+)\.{re.escape(socket.gethostname())}(?:\.\d+\.(\d+))?(.*)"
    made: dict[Path, list[tuple[int, int, Path, str, str]]] = {}
    for path in logdir.rglob("events.out.tfevents.*"):
        match = re.fullmatch(pattern, path.name)
        if match is None:
            raise ValueError(f"unexpected name of an event file: {path.name}")
        stem, second, counter, suffix = match.groups()
        entry = (int(second), int(counter or 0), path, f"{stem}.{EPOCH:.0f}.host", suffix)
        made.setdefault(path.parent, []).append(entry)
    for entries in made.values():
        for i, (_, _, path, stem, suffix) in enumerate(sorted(entries)):
            path.rename(path.with_name(f"{stem}.1.{i}{suffix}"))


MAKERS: dict[str, tuple[Callable[[Path], None], Callable[[Path], Iterator[Found]]]] = {
    "tensorflow": (make_tensorflow, read_tensorflow),
    "torch": (make_torch, read_tensorboard),
    "tensorboardx": (make_tensorboardx, read_tensorboard),
}


def main() -> None:
    """Make the logdir of the framework named on the command line anew."""
    if len(sys.argv) != 2 or sys.argv[1] not in MAKERS:
        raise SystemExit(f"usage: make_fixtures.py {'|'.join(MAKERS)}")
    sys.path.remove(str(HERE))  # or tensorboard takes the folder tensorflow/ beside this script for the package
    make, read = MAKERS[sys.argv[1]]
    logdir = HERE / sys.argv[1]
    shutil.rmtree(logdir, ignore_errors=True)
    make(logdir)
    anonymize(logdir)
    (logdir / "expected.json").write_text(to_json(describe(logdir, read)), encoding="utf-8")


if __name__ == "__main__":
    main()
