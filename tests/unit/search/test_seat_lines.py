"""The words for seats left: on pages, and shorter on cards."""

import pytest

from search_app.search.present.seat_lines import NOT_KNOWN, build_best_line, build_seat_line
from search_app.search.present.sessions import contradiction_text
from search_app.search.results import SeatsView
from search_app.text.wording import NBSP


def figure(available: int | None, funder: str = "2", age_days: int = 1, *, old: bool = False) -> SeatsView:
    return SeatsView(funder, f"Financeur {funder}", 12, available, "2026-11-21T10:00:00Z", age_days, old)


@pytest.mark.parametrize(
    ("available", "short"), [(5, f"5{NBSP}places"), (1, f"1{NBSP}place"), (0, "Complet"), (None, NOT_KNOWN)]
)
def test_a_card_has_the_figure_without_funder_and_capacity(available: int | None, short: str) -> None:
    assert build_seat_line(figure(available)).short == short


@pytest.mark.parametrize(("age_days", "told"), [(6, None), (7, f"vu il y a 7{NBSP}jours")])
def test_a_card_states_the_age_of_a_figure_from_seven_days_on(age_days: int, told: str | None) -> None:
    assert build_seat_line(figure(3, age_days=age_days)).age_if_told == told
    assert build_best_line(()).age_if_told is None


@pytest.mark.parametrize(
    ("figures", "preferred", "expected"),
    [
        ([figure(2, "2"), figure(7, "4")], (), ("4", 7)),
        ([figure(2, "2"), figure(7, "4")], ("2",), ("2", 2)),
        ([figure(None, "2"), figure(0, "4")], (), ("4", 0)),
        ([figure(7, "4")], ("2",), (None, None)),  # seats of another funder are not for this person
        ([], ("2",), (None, None)),
    ],
)
def test_the_one_figure_is_that_of_the_chosen_funder_or_the_best_if_none_is_chosen(
    figures: list[SeatsView], preferred: tuple[str, ...], expected: tuple[str | None, int | None]
) -> None:
    line = build_best_line(figures, preferred)
    assert (line.funder_code, line.available) == expected


def test_a_contradiction_names_the_number_of_seats() -> None:
    assert contradiction_text("closed_left", 8) == f"Inscriptions closes, mais 8{NBSP}places affichées{NBSP}: appelez"
    assert contradiction_text("closed_left", "{}").startswith(f"Inscriptions closes, mais {{}}{NBSP}places")
    assert contradiction_text("open_full", 0) == f"Inscriptions ouvertes, mais complet{NBSP}: appelez"
