"""The methods that add the model and what it makes of the data."""

from __future__ import annotations

import os
import sys

from runlens.writer.arguments import describe
from runlens.writer.recorder import Recorder


class Models(Recorder):
    """Part of `SummaryWriter`."""

    def add_graph(
        self, model: object, input_to_model: object = None, verbose: bool = False, use_strict_trace: bool = True
    ) -> None:
        """Add the graph of a model: its modules as scopes, its operations, the tensors between them, and of each
        shapes, dtypes, parameters and FLOPs.

        It never fails for a model that cannot be traced. `torch.export` is tried first, then `torch.jit.trace`, then a
        run with hooks that sees only modules, and at last the modules are told without running. The logger `runlens`
        says which it was, and so does the graph. The model is traced in evaluation mode and without gradients, and
        left as it was.

        Args:
            model: a `torch.nn.Module`, `torch.jit.ScriptModule`, `torch.export.ExportedProgram` or Keras model.
            input_to_model: the only argument of the model, or a tuple or list of all; or a dict of all by name.
                Without it only modules are told.
            verbose: print torch's own graph.
            use_strict_trace: `strict` of `torch.jit.trace`; it does not concern the other ways.

        Raises:
            TypeError: `model` is none of these.
        """
        from runlens.writer.kinds import graph

        description = _keras_json(model)
        if description is not None:
            self._add(graph.KERAS_TAG, graph.KerasModel(description), None, None)
            return
        if "torch" not in sys.modules:
            raise TypeError(f"model: got {describe(model)}, want a torch.nn.Module or a Keras model")
        from runlens.writer.tracing.model import graph_of

        self._add(graph.TAG, graph_of(model, input_to_model, verbose, use_strict_trace), None, None)

    def add_onnx_graph(self, prototxt: str | os.PathLike[str]) -> None:
        """Add the graph of an ONNX file. The package onnx is not needed, and weights are not read.

        Args:
            prototxt: path of the file, in ONNX's binary form; torch's name for it is kept.

        Raises:
            TypeError: `prototxt` is no path.
            OSError: the file cannot be read.
            ValueError: it is no ONNX model.
        """
        from runlens.writer.kinds import graph
        from runlens.writer.tracing.onnx_file import graph_of_file

        self._add(graph.TAG, graph_of_file(prototxt), None, None)


def _keras_json(model: object) -> str | None:
    """What a Keras model says of itself; None for what is none."""
    names = {kind.__module__.partition(".")[0] for kind in type(model).__mro__}
    to_json = getattr(model, "to_json", None) if names & {"keras", "tf_keras", "tensorflow"} else None
    if to_json is None:
        return None
    try:
        return str(to_json())
    except Exception as error:  # whatever Keras raises for a model that has no description yet
        raise TypeError(f"model: got {describe(model)}, want a Keras model that has `to_json()` ({error})") from error
