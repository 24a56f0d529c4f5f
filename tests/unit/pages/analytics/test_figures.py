"""Figures as pages write them: known, zero, not known and without offers are four things."""

import pytest

from search_app.analytics.measures import MEASURES
from search_app.pages.analytics.definitions import MEANINGS, build_definitions, build_notes
from search_app.pages.analytics.figures import COVERAGES, Change, Kind, State, to_figure, to_kind, with_coverage

LEFT = to_kind(MEASURES["left"])
RATE = to_kind(MEASURES["fill_rate"])
NARROW, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("values", "state", "text"),
    [
        ({"offers": 3, "left": 1234}, State.SOME, f"1{NARROW}234"),
        ({"offers": 3, "left": 0}, State.ZERO, "0"),
        ({"offers": 3, "left": None}, State.UNKNOWN, "non connu"),
        ({"offers": 0, "left": None}, State.NONE, "aucune offre"),
    ],
)
def test_known_zero_unknown_and_absent_are_written_differently(
    values: dict[str, int | None], state: State, text: str
) -> None:
    figure = to_figure(LEFT, values, "/offres?a=b")
    assert (figure.state, figure.text) == (state, text)
    assert figure.href == (None if state is State.NONE else "/offres?a=b")


@pytest.mark.parametrize(("known", "text", "partial"), [(0.5, "50", False), (0.49, "49", True), (0.0, "0", True)])
def test_coverage_stands_beside_seat_figures_and_says_when_it_is_less_than_half(
    known: float, text: str, partial: bool
) -> None:
    figure = to_figure(RATE, {"offers": 1, "fill_rate": 0.25, "seats_known": known})
    assert (figure.text, figure.coverage, figure.partial) == (f"25{HARD}%", f"{text}{HARD}%", partial)


def test_counts_have_no_coverage() -> None:
    figure = to_figure(to_kind(MEASURES["sessions"]), {"offers": 1, "sessions": 4, "seats_known": 0.1})
    assert (figure.coverage, figure.partial) == (None, False)


@pytest.mark.parametrize(
    ("now", "then", "change"),
    [
        ({"offers": 1, "left": 12}, {"offers": 2, "left": 10}, Change(f"+2 (+20{HARD}%)", "10")),
        ({"offers": 1, "left": 8}, {"offers": 2, "left": 10}, Change(f"−2 (−20{HARD}%)", "10")),
        ({"offers": 1, "left": 8}, {"offers": 2, "left": 8}, Change("=", "8")),
        ({"offers": 1, "left": 8}, {"offers": 2, "left": 0}, Change("+8", "0")),
        ({"offers": 1, "left": 8}, {"offers": 2, "left": None}, Change("", "non connu")),
        ({"offers": 1, "left": 8}, {"offers": 0, "left": None}, Change("", "aucune offre")),
        ({"offers": 1, "left": 8}, {"offers": 0, "left": 0}, Change("", "aucune offre")),
        ({"offers": 1, "left": None}, {"offers": 2, "left": 3}, Change("", "3")),
    ],
)
def test_a_change_never_divides_by_zero_or_takes_unknown_for_zero(
    now: dict[str, int | None], then: dict[str, int | None], change: Change
) -> None:
    assert to_figure(LEFT, now, None, then).change == change


def test_shares_change_by_points() -> None:
    figure = to_figure(RATE, {"offers": 1, "fill_rate": 0.5}, None, {"offers": 1, "fill_rate": 0.485})
    assert figure.change == Change(f"+1,5{HARD}point", f"48{HARD}%")


def test_a_figure_without_a_period_before_has_no_change() -> None:
    assert to_figure(LEFT, {"offers": 1, "left": 2}).change is None


def test_coverages_are_asked_for_beside_the_chosen_measures_once() -> None:
    asked = with_coverage([MEASURES["left"], MEASURES["fill_rate"], MEASURES["price_hour"]])
    assert [each.name for each in asked] == ["left", "fill_rate", "price_hour", "offers", "seats_known", "price_known"]
    assert with_coverage([MEASURES["offers"]]) == (MEASURES["offers"],)


def test_every_measure_has_a_meaning_and_every_figure_of_seats_or_prices_a_coverage() -> None:
    assert MEANINGS.keys() == MEASURES.keys()
    seats = {name for name, row in MEASURES.items() if row.unit == "places" and name != "bought"}
    assert COVERAGES.keys() == {*seats, "fill_rate", "price_hour"}
    assert set(COVERAGES.values()) <= MEASURES.keys()


def test_notes_say_what_can_be_misread_and_only_that() -> None:
    assert build_notes(["provider"], ["offers"]) == ()
    (overlap,) = build_notes(["domain"], ["offers"])
    assert "deux domaines" in overlap
    assert "peut dépasser l’ensemble" in overlap
    periods, bought = build_notes(["month"], ["bought"])
    assert "périodes se recouvrent" in periods
    assert "valent pour toute l’offre" in bought
    known, added = build_notes([], ["left"])
    assert "connu" in known
    assert "additionnées par financeur" in added


def test_definitions_follow_the_order_of_the_measures() -> None:
    terms = [each.term for each in build_definitions({"left": "Places restantes", "offers": "Offres"})]
    assert terms == ["Places restantes", "Offres"]


def test_a_label_keeps_its_unit() -> None:
    assert to_kind(MEASURES["price_hour"]) == Kind("price_hour", "Prix affiché par heure", "€/heure", "price_known")
