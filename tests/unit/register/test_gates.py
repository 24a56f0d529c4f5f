"""Gates of an edition, at and beside their limits."""

import pytest

from indexer.register.gates import GateCounts, GateLimits, check_gates


def counts(**changed: object) -> GateCounts:
    usual = {"read": 100, "rows": 100, "bad": 0, "edition": "2026-11-23", "rows_before": 100, "edition_before": None}
    return GateCounts(**(usual | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "refusals"),
    [
        ({}, []),
        ({"read": 0, "rows": 0, "rows_before": 0}, ["too-few"]),
        ({"rows": 70}, []),
        ({"rows": 69}, ["too-many-fewer"]),
        ({"rows": 50}, ["too-many-fewer"]),
        ({"bad": 10}, []),
        ({"bad": 11}, ["too-many-bad"]),
        ({"edition_before": "2026-11-23"}, []),
        ({"edition_before": "2026-11-24"}, ["older-edition"]),
        ({"rows": 0, "read": 0}, ["too-few", "too-many-fewer"]),
    ],
)
def test_gate_refuses_beyond_its_limit(changed: dict[str, object], refusals: list[str]) -> None:
    assert list(check_gates(counts(**changed), GateLimits())) == refusals


def test_refusal_names_figures_and_what_is_allowed() -> None:
    told = check_gates(counts(rows=50), GateLimits())["too-many-fewer"]
    assert told == "50 rows instead of 100: 50% fewer, at most 30% is allowed"
