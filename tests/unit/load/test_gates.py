"""Gates: what stops a load before it writes, and what does not."""

import pytest

from indexer.load.gates import GateCounts, GateLimits, check_gates


def gates_of(counts: dict[str, int], limits: GateLimits | None = None) -> list[str]:
    usual = {"read": 100, "rejected": 0, "offers": 100, "before": 100, "after": 100}
    return [refusal.gate for refusal in check_gates(GateCounts(**usual | counts), limits or GateLimits())]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, []),
        ({"before": 0}, []),  # a first load has nothing to be compared with
        ({"offers": 0, "after": 100}, ["too-few"]),
        ({"after": 70}, []),  # exactly the share that is allowed
        ({"after": 69}, ["too-many-fewer"]),
        ({"after": 150}, []),  # more is never a fault
        ({"rejected": 10}, []),
        ({"rejected": 11}, ["too-many-bad"]),
        ({"read": 0, "rejected": 0, "offers": 0, "after": 0}, ["too-few", "too-many-fewer"]),
        ({"rejected": 100, "offers": 0, "after": 0}, ["too-few", "too-many-fewer", "too-many-bad"]),
    ],
)
def test_a_gate_opens_up_to_its_limit_and_no_further(counts: dict[str, int], expected: list[str]) -> None:
    assert gates_of(counts) == expected


def test_limits_can_be_set() -> None:
    assert gates_of({}, GateLimits(min_offers=101)) == ["too-few"]
    assert gates_of({"after": 99}, GateLimits(max_fewer=0.0)) == ["too-many-fewer"]
    assert gates_of({"rejected": 1}, GateLimits(max_bad=0.0)) == ["too-many-bad"]


def test_a_refusal_names_the_figures_and_the_limit() -> None:
    (refusal,) = check_gates(GateCounts(read=10, rejected=5, offers=5, before=5, after=5), GateLimits())
    assert refusal.message == "5 of 10 records are rejects: 50.0%, at most 10% is allowed"
