"""The tables of docs/sizing.md are what its own commands print from the measured points."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from bench.sizing.__main__ import main

PAGE: Final = (Path(__file__).parents[2] / "docs" / "sizing.md").read_text(encoding="utf-8")
COMMANDS: Final = re.findall(r"-m bench\.sizing ((?:fit|plan) .+)", PAGE)
ROW: Final = re.compile(r"^\|.*\|$", re.MULTILINE)


def test_the_page_names_a_fit_with_points_to_check_and_a_plan() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["fit", "plan"]
    assert "--check" in COMMANDS[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_row_that_a_command_prints_is_on_the_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(command)) == 0
    printed = ROW.findall(capsys.readouterr().out)
    assert len(printed) > 3
    assert [row for row in printed if row not in PAGE] == []
