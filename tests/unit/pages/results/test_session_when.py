"""When a session takes place, in words, and whether it can still be joined."""

from datetime import date

import pytest

from search_app.pages.shared.cards import session_when
from search_app.search.passed import passed
from tests.unit.pages.pages_samples import TODAY, session


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def test_a_permanent_session_that_has_begun_can_be_entered_now() -> None:
    begun = session(start="2026-09-01", when="du 1er septembre 2026 au 30 juin 2027")
    assert session_when(begun, "permanent", TODAY) == "Entrée possible dès maintenant, jusqu’au 30 juin 2027"
    ended = session(start="2025-09-01", end="2026-06-30", when="du 1er septembre 2025 au 30 juin 2026")
    assert "dès maintenant" not in session_when(ended, "permanent", TODAY)


@pytest.mark.parametrize(
    ("window", "end", "words"),
    [
        (("2027-03-01", "2027-03-31"), "2027-06-30", "dès maintenant, jusqu’au 30 juin 2027, aussi en mars 2027"),
        (("2027-03-01", "2027-03-31"), None, "dès maintenant, aussi en mars 2027"),
        (("2027-03-01", "2027-03-31"), "2027-03-15",
         "dès maintenant, jusqu’au 15 mars 2027, aussi à partir du 1er mars 2027"),
        (("2027-03-08", None), None, "dès maintenant, aussi à partir du 8 mars 2027"),
        ((None, "2027-03-31"), None, "dès maintenant"),
        (("2026-11-01", "2026-12-31"), None, "dès maintenant"),
        (("2026-10-01", "2026-10-31"), None, "dès maintenant (elle l’était déjà en octobre 2026)"),
        (("2026-08-01", "2026-10-31"), None, "dès maintenant (elle l’était déjà le 31 octobre 2026)"),
        ((None, "2026-10-31"), None, "dès maintenant (elle l’était déjà le 31 octobre 2026)"),
    ],
)  # fmt: skip
def test_a_permanent_session_says_why_it_meets_the_days_asked_for(
    window: tuple[str | None, str | None], end: str | None, words: str
) -> None:
    begun = session(start="2026-09-01", end=end, end_precision="day" if end else "unknown")
    first, last = window
    assert session_when(begun, "permanent", TODAY, (day(first), day(last))) == f"Entrée possible {words}"


@pytest.mark.parametrize(
    ("entry", "changes", "words"),
    [
        ("fixed", {"start": "2026-11-22"}, "Déjà commencée"),
        ("fixed", {"start": "2026-11-23"}, None),  # today counts as to come
        ("fixed", {"start": "2026-11-01", "precision": "month"}, None),  # it may begin on the 30th
        ("fixed", {"start": "2026-10-01", "precision": "month"}, "Déjà commencée"),
        ("fixed", {"start": "2026-01-01", "precision": "year", "end": None}, None),
        ("fixed", {"start": "2025-01-01", "precision": "year", "end": None}, "Déjà commencée"),
        (None, {"start": "2026-11-22"}, "Déjà commencée"),
        ("fixed", {"start": "2026-01-05", "end": "2026-11-22"}, "Terminée"),
        ("fixed", {"start": None, "precision": "unknown", "end": "2026-11-22"}, "Terminée"),
        ("fixed", {"start": None, "precision": "unknown", "end": None, "end_precision": "unknown"}, None),
        ("permanent", {"start": "2026-01-05", "end": "2026-11-23"}, None),
        ("permanent", {"start": "2026-01-05", "end": None, "end_precision": "unknown"}, None),
        ("permanent", {"start": "2026-01-05", "end": "2026-11-22"}, "Terminée"),
    ],
)
def test_a_session_is_over_as_far_as_its_dates_are_known(
    entry: str | None, changes: dict[str, str | None], words: str | None
) -> None:
    shown = session(**changes)
    assert passed(shown, entry, TODAY.isoformat()) == words
    assert words is None or "possible" not in session_when(shown, entry, TODAY)


@pytest.mark.parametrize(("recruiting", "possible"), [("open", True), ("closed", False), ("suspended", False)])
def test_an_entry_is_never_said_to_be_possible_where_registration_is_closed(recruiting: str, possible: bool) -> None:
    begun = session(start="2026-01-05", end="2027-06-30", recruiting=recruiting)
    when = session_when(begun, "permanent", TODAY)
    assert ("possible" in when) is possible
    assert ("Entrée toute l’année" in when) is not possible


def test_a_permanent_session_of_which_only_the_present_month_is_known_is_not_said_to_have_begun() -> None:
    begins = session(start="2026-11-01", precision="month", when="de novembre 2026 au 30 juin 2027")
    assert session_when(begins, "permanent", TODAY) == "Entrée possible de novembre 2026 au 30 juin 2027"
