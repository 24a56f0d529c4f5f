"""Ctrl-C, as often as it is pressed, and SIGTERM during a load: one line, no worker left, nothing locked."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.interruption import LINE
from tests.engine.installation import Installation, actions, write_feed

ROOT = Path(__file__).parents[3]
# Says on standard output when a worker process has come to a certain moment of its life.
TELL = """
import os, sys
def tell(event, arguments):
    if event == {event!r} and str(arguments[0]).endswith({ending!r}):
        os.write(1, b"here\\n")
if "--multiprocessing-fork" in sys.orig_argv:
    sys.addaudithook(tell)
"""
MOMENTS = {
    "a worker imports": {"event": "import", "ending": "lxml"},
    "a worker begins to convert": {"event": "open", "ending": ".spool"},
}


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation(engine_url, index_prefix, tmp_path)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_a_load_with_one_line_and_the_next_one_is_free(
    installation: Installation, number: signal.Signals, status: int, moment: str
) -> None:
    hooks = installation.folder / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(TELL.format(**MOMENTS[moment]))
    feed = write_feed(installation.folder / "feed.xml", *actions(4_000, size=4_000))
    # Not measured: a signal that reaches the code of the measuring itself leaves its lock taken for ever.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment = inherited | installation.environment | {"PYTHONPATH": f"{hooks}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "indexer", "load", "--source", "one", "--workers", "2", str(feed)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        while process.poll() is None:  # again and again, as an impatient person does
            # Ctrl-C is for all processes of the terminal, SIGTERM is sent to one
            os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        _, told = process.communicate(timeout=30)  # returns when no process holds the pipes any more
    assert (process.returncode, told) == (status, f"{LINE}\n")
    assert list((installation.folder / "work" / "spool").iterdir()) == []
    assert installation.load(*actions(1)).status == 0
