"""Ctrl-C and SIGTERM at moments that tests of whole loads do not reach; workers that are ended or in trouble."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from fixtures.traps.hostile import record
from indexer import interruption
from indexer.load import workers
from indexer.load.convert import ConvertContext
from indexer.load.tables import read_context, save_tables
from indexer.load.workers import WorkerDied, convert_all
from indexer.records import RawRecord

ROOT = Path(__file__).parents[3]
# Stops where the client library is imported: half-way through the imports of a command.
STOP_AT_IMPORT = """
import os, signal, sys
def stop(event, arguments):
    if event == "import" and arguments[0] == "opensearchpy":
        os.write(1, b"here\\n")
        signal.pause()
sys.addaudithook(stop)
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_the_imports_is_one_line(tmp_path: Path, number: signal.Signals, status: int) -> None:
    (tmp_path / "sitecustomize.py").write_text(STOP_AT_IMPORT)
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "indexer", "status"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        process.send_signal(number)
        _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (status, f"{interruption.LINE}\n")


@pytest.fixture
def raising() -> Iterator[None]:
    """Signals that raise Interrupted once, and afterwards do again what they did before."""
    before = {number: signal.getsignal(number) for number in interruption.SIGNALS}
    interruption.raise_once()
    yield
    interruption.ignore()
    for number, handler in before.items():
        signal.signal(number, handler)


def test_only_the_first_signal_interrupts(raising: None) -> None:
    with pytest.raises(interruption.Interrupted) as interrupted:
        os.kill(os.getpid(), signal.SIGTERM)
    for number in interruption.SIGNALS:
        os.kill(os.getpid(), number)
    assert interrupted.value.status == 143


def test_a_signal_waits_until_it_is_let_in(raising: None) -> None:
    reached: list[bool] = []

    @interruption.hold_signals()
    def work() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, interruption.SIGNALS)  # as if another thread had been given it
        reached.append(True)

    with pytest.raises(interruption.Interrupted) as interrupted:
        work()
    assert (reached, interrupted.value.status) == ([True], 130)


def batches(count: int) -> list[list[RawRecord]]:
    return [[RawRecord("feed.xml", n, "2.3", (record(f"A{n}"),))] for n in range(count)]


@pytest.fixture
def little_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a second worker started although the first has only a few characters to convert."""
    monkeypatch.setattr(workers, "ENOUGH", 1)


@pytest.fixture
def workers_alive() -> Callable[[], list[BaseProcess]]:
    """The processes that the test started and that are alive; apps of other tests may live beside them."""
    before = {*multiprocessing.active_children()}
    return lambda: [child for child in multiprocessing.active_children() if child not in before]


@pytest.fixture
def make_context(tmp_path: Path) -> Callable[[], ConvertContext]:
    save_tables(tmp_path / "tables.json", [])
    return partial(read_context, tmp_path / "tables.json", "test")


def test_results_come_in_the_order_of_the_batches_also_of_empty_ones(
    tmp_path: Path,
    make_context: Callable[[], ConvertContext],
    little_is_enough: None,
    workers_alive: Callable[[], list[BaseProcess]],
) -> None:
    sent = batches(12)
    sent[3] = sent[7] = sent[11] = []
    found = list(convert_all(sent, tmp_path, make_context, 2))
    assert [[row.id for row in result.rows] for result in found] == [[f"A{n}"] if sent[n] else [] for n in range(12)]
    assert len({result.worker for result in found if result.rows}) == 2
    assert workers_alive() == []


def test_no_worker_is_started_where_nothing_is_to_be_read(
    tmp_path: Path, workers_alive: Callable[[], list[BaseProcess]]
) -> None:
    def fail() -> ConvertContext:
        raise AssertionError

    for number in (1, 2):
        assert [result.rows for result in convert_all([[], []], tmp_path, fail, number)] == [[], []]
        assert workers_alive() == []


def test_a_second_worker_is_started_only_when_the_first_has_enough_to_do(
    tmp_path: Path, make_context: Callable[[], ConvertContext]
) -> None:
    found = list(convert_all(batches(12), tmp_path, make_context, 2))
    assert len({result.worker for result in found}) == 1


def test_workers_are_gone_when_the_load_stops_half_way(
    tmp_path: Path,
    make_context: Callable[[], ConvertContext],
    little_is_enough: None,
    workers_alive: Callable[[], list[BaseProcess]],
) -> None:
    converted = convert_all(batches(12), tmp_path, make_context, 2)
    next(converted)
    assert len(workers_alive()) == 2
    converted.close()
    assert workers_alive() == []


def test_a_worker_that_is_killed_is_told_and_ends_the_others(
    tmp_path: Path, make_context: Callable[[], ConvertContext], workers_alive: Callable[[], list[BaseProcess]]
) -> None:
    converted = convert_all(batches(12), tmp_path, make_context, 2)
    next(converted)
    for child in workers_alive():
        child.kill()
        child.join()
    with pytest.raises(WorkerDied, match="killed, or out of memory"):
        list(converted)
    assert workers_alive() == []


def test_trouble_of_a_worker_is_raised_in_the_main_process(
    tmp_path: Path, make_context: Callable[[], ConvertContext], workers_alive: Callable[[], list[BaseProcess]]
) -> None:
    with pytest.raises(FileNotFoundError, match="no such folder"):
        list(convert_all(batches(3), tmp_path / "no such folder", make_context, 2))
    assert workers_alive() == []
