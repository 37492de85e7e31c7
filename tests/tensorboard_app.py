"""TensorBoard's own HTTP answers for a logdir, without a socket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode


class TensorBoardApp:
    """TensorBoard's WSGI application over a logdir, everything loaded, nothing sampled."""

    def __init__(self, logdir: Path) -> None:
        from tensorboard import default, program
        from tensorboard.backend import application
        from tensorboard.backend.event_processing import data_ingester

        board = program.TensorBoard(default.get_static_plugins())
        samples = ",".join(f"{kind}=100000" for kind in ("scalars", "histograms", "distributions", "pr_curves"))
        board.configure(["", f"--logdir={logdir}", f"--samples_per_plugin={samples}", "--load_fast=false"])
        ingester = data_ingester.LocalDataIngester(board.flags)
        ingester.deprecated_multiplexer.AddRunsFromDirectory(str(logdir))
        ingester.deprecated_multiplexer.Reload()
        self._app = application.TensorBoardWSGIApp(
            board.flags, board.plugin_loaders, ingester.data_provider, None, ingester.deprecated_multiplexer
        )

    def get(self, path: str, **parameters: str | list[str]) -> Any:
        """The JSON answer of a plugin's route, such as `histograms/histograms`."""
        from werkzeug.test import Client

        query = urlencode(parameters, doseq=True)
        response = Client(self._app).get(f"/data/plugin/{path}?{query}")
        assert response.status_code == 200, response.get_data(as_text=True)
        return json.loads(response.get_data())
