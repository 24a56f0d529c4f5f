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
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def shape(row: str) -> str:
    """Return a row without its numbers."""
    return NUMBER.sub("#", row)


def is_nearly(row: str, other: str) -> bool:
    """Tell whether two rows are the same but for how processors round: by one in the last digit of a number."""
    pairs = list(zip(NUMBER.findall(row), NUMBER.findall(other), strict=False))
    return shape(row) == shape(other) and all(
        abs(float(one) - float(two)) < 1.5 * 10.0 ** -len(one.partition(".")[2]) if "." in one else one == two
        for one, two in pairs
    )


def test_the_page_names_a_fit_with_points_to_check_and_a_plan() -> None:
    assert [command.split()[0] for command in COMMANDS] == ["fit", "plan"]
    assert "--check" in COMMANDS[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_row_that_a_command_prints_is_on_the_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(shlex.split(command)) == 0
    printed = ROW.findall(capsys.readouterr().out)
    assert len(printed) > 3
    told = ROW.findall(PAGE)
    assert [row for row in printed if not any(is_nearly(row, each) for each in told)] == []


def test_a_row_with_another_figure_is_found() -> None:
    row = "| words | 4.7 | -2.2 | 39,462 |"
    assert is_nearly(row, "| words | 4.6 | -2.2 | 39,462 |")
    for other in (
        "| words | 4.5 | -2.2 | 39,462 |",
        "| words | 4.7 | 2.2 | 39,462 |",
        "| words | 4.7 | -2.2 | 39,463 |",
    ):
        assert not is_nearly(row, other)
