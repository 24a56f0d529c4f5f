"""A feed is dated by what came, never by what was merely written again."""

import re
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from search_app.exports.atom import Address, add_entries, begin_feed, to_news
from search_app.search.params import parse_params
from search_app.search.results import OfferCard
from search_app.text.xml import to_document
from tests.unit.pages.pages_samples import Query, card, seats, session

ATOM = {"a": "http://www.w3.org/2005/Atom", "h": "http://www.w3.org/1999/xhtml"}
OLD, MID, NEW = (f"2026-11-{day}T03:00:00+00:00" for day in ("01", "10", "20"))
LOADED = datetime(2026, 11, 22, tzinfo=UTC)


def record(first_seen: str | None = OLD, **sessions: str | None) -> dict[str, Any]:
    rows = [{"key": key, "first_seen": seen} for key, seen in sessions.items()]
    return {"written_at": "2026-11-23T03:00:00+00:00", "first_seen": first_seen, "sessions": rows}


def two_sessions(**changes: Any) -> OfferCard:
    return card(sessions=[session(key="s1"), session(key="s2", **changes)])


def feed_of(*offers: tuple[dict[str, Any], OfferCard], query: Query | None = None) -> etree._Element:
    address = Address("https://b.example:8000", "q=a%26b&page=1")
    news = [to_news(stored, offer, asked=False) for stored, offer in offers]
    feed = begin_feed(parse_params(query or []), 43, news, address, "", LOADED)
    assert len(list(add_entries(feed, [offer for _, offer in offers], news, address))) == len(offers)
    return etree.fromstring(to_document(feed))


def texts(feed: etree._Element, path: str) -> list[str]:
    found = feed.xpath(path, namespaces=ATOM)
    assert isinstance(found, list)
    return [str(each) for each in found]


def test_a_new_session_is_news_of_an_old_offer_and_writing_again_is_none() -> None:
    news = to_news(record(s1=OLD, s2=NEW), two_sessions(), asked=False)
    assert (news.when.isoformat(), news.is_offer, news.session_keys) == (NEW, False, frozenset({"s2"}))
    still = to_news(record(s1=OLD, s2=OLD), two_sessions(), asked=False)
    assert (still.when.isoformat(), still.is_offer) == (OLD, True)


def test_a_session_that_the_search_does_not_ask_for_is_no_news() -> None:
    news = to_news(record(s1=MID, s2=NEW), two_sessions(matches=False), asked=True)
    assert (news.when.isoformat(), news.is_offer, news.session_keys) == (MID, False, frozenset({"s1"}))


def test_what_was_stored_before_arrivals_were_kept_is_dated_and_not_called_new() -> None:
    news = to_news(record(None, s1=None), card(sessions=[session(key="s1")]), asked=False)
    assert (news.when.day, news.is_offer, news.session_keys) == (23, False, frozenset())


def test_the_feed_has_all_that_atom_demands() -> None:
    offer = two_sessions(seats=[seats(3)])
    feed = feed_of((record(s1=OLD, s2=NEW), offer), (record(first_seen=MID), card(key="bcdefghijklm", sessions=[])))
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for name in ("title", "id", "updated", "author"):
        assert len(feed.findall(f"a:{name}", ATOM)) == 1
    assert texts(feed, "a:updated/text()") == ["2026-11-20T03:00:00Z"]
    assert texts(feed, "a:entry/a:updated/text()") == ["2026-11-20T03:00:00Z", "2026-11-10T03:00:00Z"]
    assert texts(feed, "a:link[@rel='self']/@href") == ["https://b.example:8000/api/v1/offers.atom?q=a%26b&page=1"]
    assert texts(feed, "a:entry/a:link[@rel='alternate']/@href")[0] == "https://b.example:8000/offres/abcdefghijkl"
    ids = texts(feed, "a:entry/a:id/text()")
    assert ids == [
        "tag:b.example,2026:offres/abcdefghijkl/20261120T030000Z",
        "tag:b.example,2026:offres/bcdefghijklm/20261110T030000Z",
    ]
    assert texts(feed, "a:entry/a:title/text()") == ["Nouvelle session\xa0: CAP maçon", "Nouvelle offre\xa0: CAP maçon"]


def test_new_sessions_are_told_first_with_the_day_of_their_figures() -> None:
    feed = feed_of((record(s1=OLD, s2=NEW), two_sessions(seats=[seats(3)], when="le 8 mars 2027")))
    rows = [str(row).replace("\xa0", " ") for row in texts(feed, "a:entry/a:content/h:div/h:ul/h:li/text()")]
    assert rows[0] == ("Session le 8 mars 2027 (nouvelle) ; 3 places restantes sur 12 (Région, vu le 21 novembre 2026)")
    assert "nouvelle" not in rows[1]


def test_a_feed_without_entries_is_dated_by_the_catalogue() -> None:
    feed = feed_of()
    assert texts(feed, "a:updated/text()") == ["2026-11-22T00:00:00Z"]
    assert texts(feed, "a:entry") == []


def test_no_text_can_break_the_document() -> None:
    title = "<b>A & B</b>\x00\x0b]]>\ufffe"
    feed = feed_of((record(), card(title=title)), query=[("q", '<x> & "y"')])
    assert texts(feed, "a:entry/a:title/text()") == ["Nouvelle offre\xa0: <b>A & B</b>]]>"]
    assert re.search('«\xa0<x> & "y"\xa0»', texts(feed, "a:title/text()")[0])
