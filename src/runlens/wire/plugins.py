"""The one table between the names on disk and ours: which kind a tag is.

Names and forms are those of event.proto, summary.proto and of the writers in use; see docs/kinds/. Some kinds are
files beside the event file, which are known by their names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from runlens.wire import hparams_file, projector, projector_config
from runlens.wire.beside import Named

SCALAR: Final = "scalar"

# Plugin name in the metadata -> kind.
KIND_OF_PLUGIN: Final[dict[str, str]] = {
    "scalars": SCALAR,
    "histograms": "histogram",
    "images": "image",
    "audio": "audio",
    "text": "text",
    "pr_curves": "pr_curve",
    "custom_scalars": "custom_scalars",
    "mesh": "mesh",
    "runlens_video": "video",
    "hparams": "hparams",
    "graph_run_metadata": "graph",
    "graph_run_metadata_graph": "graph",
    "graph_keras_model": "graph",
    "runlens_run_info": "run_info",
    "runlens_mark": "mark",
}

# Form of a value (its field in Summary.Value, or in Event plus 100) -> kind. What is not here says it by its plugin:
# tensors (8), and metadata without a value (9), which is how hparams are logged.
KIND_OF_FORM: Final[dict[int, str]] = {
    3: "histogram",
    4: "image",
    5: "histogram",
    6: "audio",
    104: "graph",
    108: "graph",
    109: "graph",
}


def kind_of(plugin: str, form: int) -> str | None:
    """The kind of a value that is no scalar; None for what has no kind, such as a session log."""
    return KIND_OF_FORM.get(form) or KIND_OF_PLUGIN.get(plugin)


@dataclass(frozen=True, slots=True)
class SideForm:
    """A sort of file that lies beside event files and names tags."""

    kind: str
    read: Callable[[str], list[Named]]  # raises ValueError
    plugin_folder: str = ""  # it may lie there, too: below the run's folder `plugins`
    max_bytes: int = 32 << 20


# Name of a file -> what it is.
SIDE_FILES: Final[dict[str, SideForm]] = {
    projector.FILE_NAME: SideForm("embedding", projector_config.embeddings, "org_tensorflow_tensorboard_projector"),
    hparams_file.YAML_FILE: SideForm("hparams", hparams_file.read_yaml, max_bytes=hparams_file.MAX_BYTES),
    hparams_file.JSON_FILE: SideForm("hparams", hparams_file.read_json, max_bytes=hparams_file.MAX_BYTES),
}
