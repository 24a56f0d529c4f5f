"""Dates in plain words are windows for the start of a session."""

from datetime import date

import pytest

from language.lexicon import Lexicon
from mappings.reference import Commune, Reference
from search_app.search.places.build import build_place_finder
from search_app.search.understand import Understander, Understanding

TODAY = date(2026, 11, 23)
TOWNS = {"44000": Commune("44000", "Cinq-Mars-la-Pile", ("37130",), 3_500, "37", "24", 47.3, 0.4)}
UNDERSTANDER = Understander(
    Lexicon(words={"soudeur": 9, "murs": 4, "entree": 4}, titles=[("Isoler des murs en mars", 2)]),
    build_place_finder(Reference(communes=TOWNS)),
)


def window(meant: Understanding) -> tuple[str | None, str | None]:
    start, end = meant.parameters.get("start_from"), meant.parameters.get("start_to")
    return start and start.isoformat(), end and end.isoformat()


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [
        ("mars", "2027-03-01", "2027-03-31"),
        ("novembre", "2026-11-01", "2026-11-30"),
        ("rentrée septembre 2027", "2027-09-01", "2027-09-30"),
        ("à la rentrée de septembre", "2027-09-01", "2027-09-30"),
        ("fin mars", "2027-03-01", "2027-03-31"),
        ("le 15 mars 2027", "2027-03-15", "2027-03-15"),
        ("le lundi 15 mars", "2027-03-15", "2027-03-15"),
        ("le 22 novembre", "2027-11-22", "2027-11-22"),
        ("le 23 novembre", "2026-11-23", "2026-11-23"),
        ("le 31 avril", "2027-04-30", "2027-04-30"),
        ("entre janvier et mars", "2027-01-01", "2027-03-31"),
        ("de janvier à mars", "2027-01-01", "2027-03-31"),
        ("mars-avril", "2027-03-01", "2027-04-30"),
        ("de novembre à janvier", "2026-11-01", "2027-01-31"),
        ("de septembre à juin 2027", "2026-09-01", "2027-06-30"),
        ("entre le 3 janvier et le 5 mars", "2027-01-03", "2027-03-05"),
        ("du 3 au 15 mars", "2027-03-03", "2027-03-15"),
        ("avant avril", "2026-11-23", "2027-03-31"),
        ("avant novembre", "2026-11-23", "2027-10-31"),
        ("avant fin mars", "2026-11-23", "2027-03-31"),
        ("avant le 1er avril", "2026-11-23", "2027-03-31"),
        ("jusqu'en avril", "2026-11-23", "2027-04-30"),
        ("d'ici fin avril", "2026-11-23", "2027-04-30"),
        ("après mars", "2027-04-01", None),
        ("après le 3 mai", "2027-05-04", None),
        ("à partir du 3 mai", "2027-05-03", None),
        ("le 15/03/2027", "2027-03-15", "2027-03-15"),
        ("avant le 01/04/2027", "2026-11-23", "2027-03-31"),
        ("du 3/1/2027 au 5/3/2027", "2027-01-03", "2027-03-05"),
        ("dès janvier", "2027-01-01", None),
        ("après mars et avant juin", "2027-04-01", "2027-05-31"),
        ("le 15/01/27", "2027-01-15", "2027-01-15"),
        ("15-01-2027", "2027-01-15", "2027-01-15"),
        ("15/01", "2027-01-15", "2027-01-15"),
        ("du 15/01 au 20/03", "2027-01-15", "2027-03-20"),
        ("01/2027", "2027-01-01", "2027-01-31"),
        ("janv. 2027", "2027-01-01", "2027-01-31"),
        ("en sept.", "2027-09-01", "2027-09-30"),
        ("3 sept", "2027-09-03", "2027-09-03"),
        ("cet été", "2027-06-01", "2027-08-31"),
        ("cet automne", "2026-09-01", "2026-11-30"),
        ("cet hiver", "2026-12-01", "2027-02-28"),
        ("au printemps", "2027-03-01", "2027-05-31"),
        ("au printemps 2027", "2027-03-01", "2027-05-31"),
        ("été 2027", "2027-06-01", "2027-08-31"),
        ("avant l'été", "2026-11-23", "2027-05-31"),
        ("après l’été", "2027-09-01", None),
        ("entre le printemps et l'été", "2027-03-01", "2027-08-31"),
        ("à la rentrée 2027", "2027-09-01", "2027-10-31"),
        ("au 2e trimestre", "2027-04-01", "2027-06-30"),
        ("premier semestre 2027", "2027-01-01", "2027-06-30"),
        ("en 2027", "2027-01-01", "2027-12-31"),
        ("2027", "2027-01-01", "2027-12-31"),
        ("2026 2027", "2026-01-01", "2027-12-31"),
        ("début 2027", "2027-01-01", "2027-03-31"),
        ("mi-2027", "2027-05-01", "2027-08-31"),
        ("fin 2027", "2027-10-01", "2027-12-31"),
        ("avant 2027", "2026-11-23", "2026-12-31"),
        ("le mois prochain", "2026-12-01", "2026-12-31"),
        ("ce mois-ci", "2026-11-23", "2026-11-30"),
        ("la semaine prochaine", "2026-11-30", "2026-12-06"),
        ("cette semaine", "2026-11-23", "2026-11-29"),
        ("cette année", "2026-11-23", "2026-12-31"),
        ("l'année prochaine", "2027-01-01", "2027-12-31"),
        ("avant la fin de l'année", "2026-11-23", "2026-12-31"),
        ("fin d'année", "2026-11-23", "2026-12-31"),
        ("début d'année", "2027-01-01", "2027-03-31"),
        ("d'ici 3 mois", "2026-11-23", "2027-02-23"),
        ("dans les six prochaines semaines", "2026-11-23", "2027-01-04"),
        ("qui commence en janvier", "2027-01-01", "2027-01-31"),
        ("démarrage en mars", "2027-03-01", "2027-03-31"),
        ("date de début : mars", "2027-03-01", "2027-03-31"),
    ],
)
def test_date_becomes_window_and_is_not_searched(dates: str, start: str, end: str | None) -> None:
    meant = UNDERSTANDER.understand(f"soudeur {dates}", TODAY)
    assert window(meant) == (start, end)
    assert (meant.words, meant.corrections) == ("soudeur", ())


@pytest.mark.parametrize(
    "dates",
    ["rentrée", "prochaine rentrée", "hiver 2027", "sports d'hiver", "sept", "2024", "en 2024", "2026-2027", "24/7"],
)
def test_ambiguous_text_is_no_date(dates: str) -> None:
    assert window(UNDERSTANDER.understand(f"soudeur {dates}", TODAY)) == (None, None)


def test_year_within_title_is_no_date() -> None:
    understander = Understander(Lexicon(titles=[("Revit 2027 avancé", 1)]))
    assert window(understander.understand("formation revit 2027 albi", TODAY)) == (None, None)


def test_season_in_progress_is_current_one() -> None:
    for today in (date(2026, 12, 1), date(2027, 2, 28)):
        assert window(UNDERSTANDER.understand("cet hiver", today)) == ("2026-12-01", "2027-02-28")


def test_months_from_now_end_with_shorter_month() -> None:
    assert window(UNDERSTANDER.understand("d'ici 3 mois", date(2026, 11, 30))) == ("2026-11-30", "2027-02-28")


def test_leap_day_stays_in_february() -> None:
    meant = UNDERSTANDER.understand("le 29 février", date(2028, 3, 1))
    assert window(meant) == ("2029-02-28", "2029-02-28")


@pytest.mark.parametrize("typed", ["Cinq-Mars-la-Pile", "Isoler des murs en mars"])
def test_month_in_town_name_or_title_is_no_date(typed: str) -> None:
    assert "start_from" not in UNDERSTANDER.understand(typed, TODAY).parameters


def test_verbatim_date_is_not_filtered() -> None:
    meant = UNDERSTANDER.understand("soudeur entre janvier et mars", TODAY, verbatim=["filters"])
    assert (meant.words, meant.filters, meant.corrections) == ("soudeur entre janvier et mars", (), ())
