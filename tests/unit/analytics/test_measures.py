"""Measures of sums: unknown, zero and absent are three answers."""

from search_app.analytics.engine.sums import NAMES
from search_app.analytics.measures import MEASURES, SUMS, values_of


def values(**sums: int) -> dict[str, int | float | None]:
    return values_of(sums, list(MEASURES.values()))


def test_without_offers_counts_are_zero_and_the_rest_unknown() -> None:
    counts = {"offers", "sessions", "trainings", "providers"}
    assert {name: value for name, value in values().items() if value is not None} == dict.fromkeys(counts, 0)


def test_known_zero_is_zero() -> None:
    told = values(offers=1, sessions=1, left_told=1, seats_known=1, capacity_told=1, capacity=8, filled=8,
                  filled_told=1, filled_capacity=8)  # fmt: skip
    assert (told["left"], told["left_at_least"], told["fill_rate"], told["seats_known"]) == (0, 0, 1.0, 1.0)


def test_share_of_sessions_without_figure_is_zero_and_rate_unknown() -> None:
    told = values(offers=2, sessions=3)
    assert (told["seats_known"], told["fill_rate"], told["left"], told["price_known"]) == (0.0, None, None, 0.0)


def test_every_sum_of_a_measure_is_one_that_scripts_make() -> None:
    assert set(SUMS) <= set(NAMES)
