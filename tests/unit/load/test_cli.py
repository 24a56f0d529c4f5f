"""The indexer's command line where no engine is asked: help that explains, and output that nobody reads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import cli
from indexer.arguments import REFERENCE_HELP
from indexer.reference.files import READERS

ROOT = Path(__file__).parents[3]


def test_every_table_of_the_reference_command_is_explained() -> None:
    assert set(REFERENCE_HELP) == set(READERS)


@pytest.mark.parametrize(
    ("command", "told"), [("load", ("LHEO 1.3", "whose catalogue")), ("reference", ("FILE is CSV", "docs/loading.md"))]
)
def test_help_says_what_a_file_and_a_name_are(command: str, told: tuple[str, ...]) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "indexer", command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [words for words in told if words not in " ".join(shown.split())] == []


@pytest.mark.parametrize(("target", "status", "told"), [("pipe", 0, []), ("/dev/full", 2, ["standard output"])])
def test_output_that_cannot_be_written_is_no_traceback(target: str, status: int, told: list[str]) -> None:
    program = (
        "import sys; from indexer import cli;"
        "cli._status = lambda *_: cli._print('x' * 100_000) or 0;"
        "sys.exit(cli.run(['status', '--json']))"
    )
    reader, writer = os.pipe()
    os.close(reader)  # as `head` leaves it
    out = writer if target == "pipe" else os.open(target, os.O_WRONLY)
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    if out != writer:
        os.close(out)
    lines = ended.stderr.splitlines()
    assert (ended.returncode, len(lines)) == (status, len(told))
    assert all(words in line for words, line in zip(told, lines, strict=True))


def test_a_fault_of_the_program_does_not_end_as_if_work_was_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "_status", fail)
    assert cli.run(["status"]) == 2  # 1, which Python gives, is "at least one line was rejected, all others were taken"
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert told.splitlines()[-1] == "indexer: a fault of the program itself (ZeroDivisionError): please report it"
