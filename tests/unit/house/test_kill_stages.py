"""The stages at which bench.kills ends a load are calls that the loader makes."""

import importlib
from typing import Any

import pytest

from bench.kills.stages import STAGES


@pytest.mark.parametrize("name", STAGES)
def test_stage_names_a_call_of_the_loader(name: str) -> None:
    module, _, path = STAGES[name].target.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    assert callable(found)
