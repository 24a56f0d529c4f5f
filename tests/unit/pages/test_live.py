"""What a page holds so that its seats can be followed, and what it tells without script."""

from datetime import datetime, timedelta

import pytest
from lxml import html
from starlette.requests import Request

from search_app.base.responses import json_response
from search_app.base.settings import PARIS
from search_app.pages.search.page import SearchPage
from search_app.pages.shared.cards import to_live_seats
from search_app.pages.shared.layout import to_live
from search_app.pages.shared.render import Site, etag_of, render
from tests.unit.pages.pages_samples import card, results, search_page, seats, session

MOMENT = datetime(2026, 11, 23, 14, 5, tzinfo=PARIS)


def page_at(moment: datetime, checkpoint: int, available: int = 3) -> tuple[SearchPage, bytes]:
    shown = session(seats=[seats(available), seats(0, funder="4", label="France Travail")])
    page = search_page([], results(card(sessions=[shown])))
    return page, render("search.html", page, live=to_live(checkpoint, moment))


def parsed() -> html.HtmlElement:
    return html.fromstring(page_at(MOMENT, 41)[1].decode())


def test_a_page_tells_when_its_seats_were_read_and_where_the_stream_goes_on() -> None:
    page = parsed()
    (note,) = page.xpath('//p[@class="live-note"]')
    assert note.text_content().replace("\u00a0", " ") == "Places relevées le 23 novembre 2026 à 14 h 05"
    assert note.get("data-after") == "41"
    assert len(page.xpath('//script[starts-with(@src, "/static/live-")]')) == 1
    assert note.get("data-worker").startswith("/static/live-worker-")
    assert [region.text for region in page.xpath('//*[@id="live-said"][@role="status"]')] == [None]


def test_each_list_of_seats_names_its_session_and_each_line_its_funder() -> None:
    page = parsed()
    (shown,) = page.xpath('//ul[@class="seats"]')
    assert dict(shown.attrib) == {
        "class": "seats", "data-session": "s1", "data-about": "session du 1er mars 2027", "data-recruiting": "open",
        "data-figures": "2:3 4:0", "data-chosen": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "entry", "about"),
    [
        ({"start": "2027-04-01", "precision": "month"}, "fixed", "session d’avril 2027"),
        ({"start": "2027-01-01", "precision": "year"}, None, "session de 2027"),
        ({"start": None, "precision": "unknown"}, "fixed", "session sans date de début"),
        ({}, "permanent", "entrée toute l’année"),
    ],
)
def test_a_session_is_named_to_those_who_hear_of_its_change(
    changes: dict[str, str], entry: str | None, about: str
) -> None:
    assert to_live_seats(session(**changes), entry).about == about


def etag(page: SearchPage) -> str:
    return etag_of("search.html", page, Site())


def test_a_page_that_was_only_read_later_is_the_same_page() -> None:
    first, later = page_at(MOMENT, 41), page_at(MOMENT + timedelta(hours=3), 97)
    assert first[1] != later[1]
    assert etag(first[0]) == etag(later[0])
    assert etag(first[0]) != etag(page_at(MOMENT, 41, available=2)[0])


def test_the_same_page_of_another_site_or_template_has_another_etag() -> None:
    page, _ = page_at(MOMENT, 41)
    tags = {
        etag_of("search.html", page, Site()), etag_of("offer.html", page, Site()),
        etag_of("search.html", page, Site("https://a.example")), etag_of("search.html", page, Site("", True)),
    }  # fmt: skip
    assert len(tags) == 4


def test_an_answer_whose_checkpoint_moved_is_the_same_answer() -> None:
    request = Request({"type": "http", "headers": []})

    def tag(total: int, checkpoint: int) -> str:
        value = {"total": total, "seats_checkpoint": checkpoint}
        return json_response(request, value, stable=value | {"seats_checkpoint": -1}).headers["etag"]

    assert tag(1, -1) == tag(1, 500)
    assert tag(1, 500) != tag(2, 500)
