"""Random event files made of what real writers wrote: every kind and form, whole or damaged."""

from __future__ import annotations

import functools
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event, LogMessage, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.util.tensor_util import make_tensor_proto

from runlens.wire.record import frame
from tests import oracle
from tests.support import DATA, FRAMEWORKS

LARGEST = 4000  # bytes of a record: the oracle is slow


@functools.cache
def real_records() -> list[bytes]:
    """Records, framing and all, of the logs in tests/data and of the writers at hand, one of each shape and size."""
    with tempfile.TemporaryDirectory() as folder:
        _write_media(Path(folder))
        files = [
            path for root in (*(DATA / name for name in FRAMEWORKS), Path(folder)) for path in root.rglob("*tfev*")
        ]
        found: dict[tuple[str, int], bytes] = {}
        for path in sorted(files):
            data = path.read_bytes()
            at = 0
            while at < len(data):
                end = at + 16 + int.from_bytes(data[at : at + 8], "little")
                found.setdefault((path.parent.name, end - at), data[at:end])
                at = end
    records = [record for record in found.values() if len(record) <= LARGEST]
    return records + [frame(event.SerializeToString()) for event in _hand_made()]


def random_file(chance: random.Random, most: int = 12) -> bytes:
    """Up to `most` records; now and then bytes between them are lost, changed or added."""
    data = b""
    for _ in range(chance.randint(0, most)):
        data += chance.choice(real_records())
        if chance.random() < 0.1:
            data += chance.randbytes(chance.randint(1, 40))
    changed = bytearray(data)
    while changed and chance.random() < 0.3:
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    if changed and chance.random() < 0.2:
        at = chance.randrange(len(changed))
        del changed[at : at + chance.randint(1, 100)]
    return bytes(changed)


def log_of(data: bytes) -> dict[str, Any]:
    """What the oracle says of a file, as compared with the index: {tag: …} of scalars, entries and metadata."""
    log = oracle.read(data)
    entries = {
        tag: [(e.form, e.step, e.wall_time, e.offset, e.payload) for e in entries]
        for tag, entries in log.entries.items()
    }
    return {"scalars": log.scalars, "entries": entries, "metadata": log.metadata}


def _write_media(folder: Path) -> None:
    import tensorboardX
    from torch.utils import tensorboard as torch_tensorboard

    noise = np.random.default_rng(0)
    for module, name in ((torch_tensorboard, "torch"), (tensorboardX, "tensorboardx")):
        with module.SummaryWriter(str(folder / name)) as writer:
            for step in (3, 1):
                writer.add_image("image", noise.random((3, 8, 9)), step)
                writer.add_histogram("histogram", noise.normal(size=30), step, bins=[-2, -1, 0, 1, 2])
                if module is torch_tensorboard:  # the other needs one more package for it
                    writer.add_audio("audio", noise.uniform(-1, 1, (1, 200)), step, sample_rate=8000)
                writer.add_text("text", "# größe", step)
                writer.add_pr_curve("pr", noise.integers(0, 2, 20), noise.random(20), step, num_thresholds=10)
                writer.add_mesh("mesh", noise.random((1, 5, 3)), config_dict={"material": {"cls": "Points"}})
                writer.add_scalar("scalar", step, step)
            writer.add_custom_scalars({"category": {"chart": ["Multiline", ["scalar"]]}})
            writer.add_hparams({"lr": 0.1, "name": "x"}, {"scalar": 1.0})


def _hand_made() -> list[Event]:
    """What these writers do not write, or do not any more."""

    def of(tensor: TensorProto, plugin: str, **said: str) -> Event:
        plugin_data = SummaryMetadata.PluginData(plugin_name=plugin, content=b"\x08\x00")
        metadata = SummaryMetadata(plugin_data=plugin_data, **said)
        return Event(
            wall_time=5.5, step=4, summary=Summary(value=[{"tag": "t", "tensor": tensor, "metadata": metadata}])
        )

    return [
        *(Event(wall_time=2.5, step=6, session_log=SessionLog(status=status)) for status in (1, 2, 3)),
        Event(wall_time=2.5, meta_graph_def=b"\x12\x04\x0a\x02\x0a\x00"),
        Event(wall_time=2.5, graph_def=b"\x0a\x02\x0a\x00"),
        Event(wall_time=2.5, log_message=LogMessage(message="said")),
        Event(wall_time=2.5, step=1, tagged_run_metadata={"tag": "step1", "run_metadata": b"\x0a\x00"}),
        of(make_tensor_proto([b"x"]), "text", display_name="A"),
        of(make_tensor_proto([[0.0, 1.0, 2.0]]), "histograms", display_name="B", summary_description="other"),
        of(make_tensor_proto(2.0), "scalars"),
        of(make_tensor_proto(2.5), ""),
        of(TensorProto(dtype=1, tensor_shape={"dim": [{"size": 0}]}), "hparams"),
    ]
