"""Lines of offers on the portal: the session and the date of the results card, the town, the next open sessions."""

from typing import Any

import pytest

from mappings.reference import Commune, Reference
from search_app.pages.portal.frame import Site
from search_app.pages.portal.items import build_items
from search_app.pages.portal.job_page import JobAnswer, JobPage, build_job_page
from search_app.pages.portal.next_sessions import MOST_NEXT, build_next_lines
from search_app.pages.portal.towns import with_towns
from search_app.pages.search.results.card import build_result_card
from search_app.pages.shared.render import render
from search_app.pages.subjects.overview import Overview
from search_app.pages.subjects.subjects import to_job
from search_app.search.params.search_params import SearchParams
from search_app.search.reference_data import Snapshot
from search_app.search.results import OfferCard, PlaceView
from tests.unit.pages.pages_samples import TODAY, card, facet_row, results, seats, session

FULL = session(start="2027-03-18", seats=[seats(0)])
MAY = session(start="2027-05-21", seats=[seats(3)])
ALL_YEAR = {"entry": "permanent"}
SNAPSHOT = Snapshot(Reference(rome={"F1703": "Maçonnerie"}))


def line(**changes: Any) -> str:
    (item,) = build_items([card(**changes)], TODAY)
    return item.lines[0].text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"sessions": [], "matching_sessions": 0}, "Albi (81) · Dates à demander"),
        ({"mode": "remote"}, "À distance · 1er mars 2027"),
        ({"place": None}, "Lieu à demander · 1er mars 2027"),
        ({"place": PlaceView("PARIS", None, "75", "11", None, None, others=2)},
         "Paris (75) et ailleurs · 1er mars 2027"),
        ({"place": PlaceView(None, "97670", "976", "06", None, None)}, "Mayotte (976) · 1er mars 2027"),
        ({"place": PlaceView(None, "97670", None, None, None, None)}, "97670 · 1er mars 2027"),
        ({"sessions": [session(recruiting="closed")]}, "Albi (81) · 1er mars 2027, inscriptions closes"),
        ({"sessions": [session(recruiting="closed"), session(start="2027-04-05")], "matching_sessions": 2},
         "Albi (81) · 5 avr. 2027"),
        ({"sessions": [FULL, MAY], "matching_sessions": 2}, "Albi (81) · 21 mai 2027"),
        ({"sessions": [FULL, MAY], "matching_sessions": 1}, "Albi (81) · 18 mars 2027"),
        ({"sessions": [session(start=None, precision="unknown")]}, "Albi (81) · Date à demander"),
        ({"sessions": [session(start=None, end=None, precision="unknown")], **ALL_YEAR},
         "Albi (81) · Entrée toute l’année"),
        ({"sessions": [session(start="2026-01-05", end=None)], **ALL_YEAR}, "Albi (81) · Entrée toute l’année"),
        ({"sessions": [session(start="2027-01-03")], **ALL_YEAR},
         "Albi (81) · Entrée toute l’année dès le 3 janv. 2027"),
        ({"sessions": [session(precision="month")]}, "Albi (81) · mars 2027"),
    ],
)  # fmt: skip
def test_the_line_of_an_offer_says_no_more_than_is_known(changes: dict[str, Any], text: str) -> None:
    assert line(**changes) == f"Les Ateliers · {text}"


@pytest.mark.parametrize(
    "changes",
    [
        {"sessions": [FULL, MAY], "matching_sessions": 2},
        {"sessions": [session(recruiting="suspended"), MAY], "matching_sessions": 2},
        {"sessions": [session(start="2027-01-03")], **ALL_YEAR},
        {"sessions": [session(start="2026-01-05")], **ALL_YEAR},
    ],
)
def test_a_line_has_the_date_of_the_results_card(changes: dict[str, Any]) -> None:
    shown = build_result_card(card(**changes), SearchParams(upcoming=True), TODAY).session
    assert shown is not None
    assert line(**changes).endswith(f" · {shown.when}".replace("\xa0", " "))


def test_a_postal_code_of_one_commune_is_named_and_any_other_is_left() -> None:
    communes = {code: Commune(code, name, (postal,), 9, "976", "06", None, None)
                for code, name, postal in (("97611", "Mamoudzou", "97600"), ("97605", "Chiconi", "97670"),
                                           ("97614", "Ouangani", "97670"))}  # fmt: skip
    reference = Reference(communes=communes, by_postal_code={"97600": ("97611",), "97670": ("97605", "97614")})
    places = [PlaceView(None, code, "976", "06", None, None) for code in ("97600", "97670", "97699")]
    stated = PlaceView("PAMANDZI", "97600", "976", "06", None, None)
    named = with_towns([card(place=place) for place in (*places, stated, None)], reference)
    assert [each.place and each.place.town for each in named] == ["Mamoudzou", None, None, "PAMANDZI", None]
    assert places[0].town is None, "the given card is unchanged"


def offer(key: str, *sessions: Any, entry: str = "fixed") -> OfferCard:
    return card(url=f"/offres/{key}", sessions=list(sessions), matching_sessions=len(sessions), entry=entry)


def test_the_next_sessions_are_those_one_can_join_in_the_order_of_their_dates() -> None:
    begun = session(start="2026-01-05", end="2027-12-31")
    cards = [
        offer("a", FULL, MAY),
        offer("b", session(start="2027-03-01", recruiting="closed")),
        offer("c", session(start="2027-03-02", seats=[seats(0)])),
        offer("h", session(start="2027-04-01", precision="month")),
        offer("d", session(start="2027-04-01")),
        offer("e", begun, entry="permanent"),
        offer("f", session(start="2027-03-03", seats=[seats(0), seats(2)]), MAY),
        offer("g"),
    ]
    lines = build_next_lines(cards, TODAY)
    assert [each.href for each in lines] == [f"/offres/{key}" for key in "fdhae"]
    many = [offer(str(number), session(start=f"2027-03-{30 - number}")) for number in range(8)]
    assert [each.href for each in build_next_lines(many, TODAY)] == [f"/offres/{key}" for key in (7, 6, 5, 4, 3)]
    assert len(build_next_lines(many, TODAY)) == MOST_NEXT


def job_page(soon: list[OfferCard]) -> JobPage:
    facets = {"level": [facet_row("14", "Niveau 4 (Bac)", 2), facet_row("13", "Niveau 3 (CAP, BEP)", 9),
                        facet_row("11", "Niveau 1", 3)]}  # fmt: skip
    found = results(card(), facets=facets, trainings=1, total=12)
    return build_job_page(to_job("F1703", SNAPSHOT), JobAnswer(found, 4, soon), Overview(1, {}), SNAPSHOT, Site())


def test_diplomas_that_are_reached_are_not_ways_in() -> None:
    page = job_page([])
    assert [way.label for way in page.ways] == ["Sans diplôme exigé"]
    assert [(level.label, level.count) for level in page.levels] == [("CAP ou BEP", 9), ("Bac", 2)]


@pytest.mark.parametrize(
    ("soon", "told"),
    [([], None), ([offer("a", MAY)], "La toute prochaine,"), ([offer("a", MAY)] * 2, "Les toutes prochaines,")],
)
def test_the_next_sessions_are_announced_by_their_number(soon: list[OfferCard], told: str | None) -> None:
    shown = render("portal/job.html", job_page(soon)).decode()
    said = [text for text in ("La toute prochaine,", "Les toutes prochaines,") if text in shown]
    assert said == ([told] if told else [])
