"""t-SNE and UMAP as the page gets them: what they keep of neighbourhoods, and that no worker is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.manifold import trustworthiness

from runlens.api.kinds import embedding
from runlens.api.question import BadQuestion, NotFound
from runlens.api.reduction import job as job_module
from runlens.api.reduction import request, results
from runlens.api.reduction.jobs import JOBS
from runlens.store.cache import Cache
from runlens.store.index import Index
from tests.columns import decode
from tests.support import index_of

ROOT = Path(__file__).parent.parent.parent
RNG = np.random.default_rng(3)
CENTRES = 6 * RNG.standard_normal((4, 8))
POINTS = (CENTRES[np.arange(160) % 4] + RNG.standard_normal((160, 8))).astype(np.float32)


def write(folder: Path, points: NDArray[Any]) -> Index:
    folder.mkdir(parents=True, exist_ok=True)
    np.savetxt(folder / "t.tsv", points, delimiter="\t")
    (folder / "projector_config.pbtxt").write_text('embeddings { tensor_name: "points" tensor_path: "t.tsv" }')
    return index_of(folder)


def ask(index: Index, **question: Any) -> tuple[dict[str, Any], NDArray[Any]]:
    """The header and the places [N, K]."""
    answer = embedding.QUERIES["reduce"](index, {"run": ".", "tag": "points", **question})
    header, arrays = decode(answer.encode())
    places = [arrays[n] for n in header.get("places", [])]
    return header, np.array(places).T


def end(index: Index, **question: Any) -> None:
    embedding.QUERIES["cancel"](index, {"run": ".", "tag": "points", **question})


def until_over(index: Index, **question: Any) -> tuple[dict[str, Any], NDArray[Any], list[float]]:
    """Ask until it is over, as the page does: the last answer, and how far each of them was."""
    header, places = ask(index, start=True, **question)
    seen = [header["progress"]]
    waits = threading.Event()
    while header["state"] in ("waiting", "running"):
        waits.wait(0.02)
        header, newer = ask(index, frame=header["frame"], **question)
        places = newer if len(newer) else places
        seen.append(header["progress"])
    return header, places, seen


@pytest.mark.timeout(400)  # umap-learn compiles itself at its first import
@pytest.mark.parametrize(
    "question", [{"method": "tsne", "iterations": 100, "dimensions": 2}, {"method": "umap", "dimensions": 3}], ids=str
)
def test_neighbours_stay_neighbours(tmp_path: Path, question: dict[str, Any]) -> None:
    values = POINTS.copy()
    values[7, 3] = np.nan
    index = write(tmp_path, values)
    header, places, seen = until_over(index, **question)
    assert (header["state"], header["error"]) == ("done", "")
    assert places.shape == (160, question["dimensions"])
    assert np.flatnonzero(np.isnan(places).any(axis=1)).tolist() == [7]
    assert header["sampled"] == 159
    assert seen == sorted(seen) and seen[-1] == 1
    assert header["frame"] >= 2, "there are pictures before the last"
    known = ~np.isnan(places).any(axis=1)
    assert trustworthiness(values[known], places[known], n_neighbors=10) > 0.9


def test_a_sample_is_told_and_the_rest_has_no_place(tmp_path: Path) -> None:
    index = write(tmp_path, POINTS)
    header, places, _ = until_over(index, method="tsne", iterations=50, sample=40)
    assert header["sampled"] == 40
    assert int((~np.isnan(places).any(axis=1)).sum()) == 40


def test_a_result_is_kept_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = {"method": "tsne", "iterations": 50}
    index = write(tmp_path / "logs", POINTS)
    index.cache = Cache(tmp_path / "cache", tmp_path / "logs")
    places = until_over(index, **question)[1]
    JOBS.end_all()
    monkeypatch.setattr(JOBS, "_results", type(JOBS._results)())  # as a new server has it
    monkeypatch.setattr(job_module.Job, "run", None)  # whoever computes, fails
    header, again = ask(index, start=True, **question)
    assert header["state"] == "done"
    assert np.array_equal(again, places)
    kept = next((index.cache.folder / "projections").iterdir())
    assert np.load(kept).shape == (160, 3)
    index.cache.publish([])
    assert kept.exists()
    # Other numbers, other parameters: nothing is known of them.
    assert ask(index, method="tsne", iterations=51)[0]["state"] == "ended"
    index = write(tmp_path / "logs", POINTS + 1)
    assert ask(index, **question)[0]["state"] == "ended"


def test_results_are_kept_and_asked_for_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "ROOM", 100 * POINTS.nbytes)
    kept = results.Results()

    def keep_and_ask(worker: int) -> None:
        for number in range(300):
            kept.keep(f"{worker} {number}", POINTS, None)
            found = kept.get(f"{number % 4} {number}", None, len(POINTS))
            assert found is None or found is POINTS

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as workers:
            assert list(workers.map(keep_and_ask, range(4))) == [None] * 4
    finally:
        sys.setswitchinterval(interval)


def worker_of(index: Index, **question: Any) -> int:
    """The process of a reduction, once it computes."""
    header, _ = ask(index, start=True, **question)
    while header["stage"] in ("", "start"):
        header, _ = ask(index, **question)
    process = next(job for job in JOBS._jobs.values() if job.state == "running")._process
    assert process is not None
    return process.pid


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_cancelled_worker_is_gone_at_once_and_the_next_begins(tmp_path: Path) -> None:
    index = write(tmp_path, POINTS)
    long = {"method": "tsne", "iterations": 5000}
    worker = worker_of(index, **long)
    waiting = {"method": "tsne", "iterations": 4999}
    assert ask(index, start=True, **waiting)[0]["state"] == "waiting"
    end(index, **waiting)
    assert ask(index, **waiting)[0]["state"] == "ended"
    end(index, **long)
    assert not is_alive(worker)
    assert ask(index, **long)[0]["state"] == "ended"
    assert until_over(index, method="tsne", iterations=50, perplexity=5)[0]["state"] == "done"


def test_a_worker_that_dies_is_told(tmp_path: Path) -> None:
    index = write(tmp_path, POINTS)
    question = {"method": "tsne", "iterations": 5000}
    os.kill(worker_of(index, **question), signal.SIGKILL)
    while (header := ask(index, **question)[0])["state"] == "running":
        pass
    assert (header["state"], "ended unexpectedly" in header["error"]) == ("failed", True)
    end(index, **question)


def test_only_so_many_wait(tmp_path: Path) -> None:
    index = write(tmp_path, POINTS)
    for perplexity in range(2, 10):
        ask(index, start=True, method="tsne", iterations=5000, perplexity=perplexity)
    with pytest.raises(BadQuestion, match="8 are computed or wait already"):
        ask(index, start=True, method="tsne", iterations=5000, perplexity=11)
    JOBS.end_all()


def test_what_cannot_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = write(tmp_path, POINTS[:3])
    with pytest.raises(BadQuestion, match="got 3 without NaN or infinity, want at least 5"):
        ask(index, start=True, method="tsne")
    for wrong in ({"method": "mds"}, {"perplexity": 1}, {"dimensions": 4}, {"sample": 10**9}, {"iterations": "many"}):
        with pytest.raises(BadQuestion, match=next(iter(wrong))):
            ask(index, **{"method": "tsne", **wrong})
    monkeypatch.setattr(request, "find_spec", lambda name: None)
    with pytest.raises(NotFound, match=r"UMAP needs umap and sklearn, .* pip install 'runlens\[projector\]'"):
        ask(index, method="umap")


SERVER = """
import sys, time
from tests.kinds.embedding_reduction_test import Path, index_of, worker_of
print(worker_of(index_of(Path(sys.argv[1])), method="tsne", iterations=5000), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_dies_with_the_server(tmp_path: Path, number: signal.Signals) -> None:
    write(tmp_path, POINTS)
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as server:
        assert server.stdout is not None
        worker = int(server.stdout.readline())
        assert is_alive(worker)
        server.send_signal(number)
        server.wait()
        deadline = time.monotonic() + 10
        while is_alive(worker):  # nobody is left to wait for it, so it is looked at
            assert time.monotonic() < deadline
