"""What is taken along is what the search finds: every offer, every session, each once, and as many as was said."""

import csv
import io
import json
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from lxml import etree

from search_app.pages.crawlers import urlset
from tests.engine.loaded import TODAY, LoadedApp

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITEMAP = {"s": urlset.NAMESPACE}
QUERIES = [
    "place=Occitanie&upcoming=true&recruiting=open&funder=2",
    "start_from=2027-03-01&start_to=2027-03-31",
    "entry=permanent&upcoming=true",
    "q=soudeur&place=Albi&radius=200&seats=1",
]


def lines_of(loaded_app: LoadedApp, query: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in loaded_app.get(f"/api/v1/offers.ndjson?{query}").content.splitlines()]


def events_of(loaded_app: LoadedApp, query: str) -> list[Any]:
    answer = loaded_app.get(f"/api/v1/offers.ics?{query}")
    assert answer.status == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.mark.parametrize("query", QUERIES)
def test_a_calendar_has_each_matching_session_of_the_json_once_unless_only_its_year_is_known(
    loaded_app: LoadedApp, query: str
) -> None:
    wanted = query if "upcoming" in query else f"{query}&upcoming=true"
    sessions = [each for offer in lines_of(loaded_app, wanted) for each in offer["sessions"] if each["matches"]]
    expected = [f"session-{each['key']}@boussole" for each in sessions if each["precision"] in ("day", "month")]
    events = events_of(loaded_app, query)
    assert [str(event["UID"]) for event in events] == expected
    assert len(set(expected)) == len(expected) > 0


def test_days_of_events_are_those_of_the_json(loaded_app: LoadedApp) -> None:
    query = "place=Occitanie&upcoming=true&entry=fixed"
    events = {str(event["UID"]): event for event in events_of(loaded_app, query)}
    seen = set()
    for offer in lines_of(loaded_app, query):
        for session in offer["sessions"]:
            event = events.get(f"session-{session['key']}@boussole")
            if event is None:
                assert not session["matches"] or session["precision"] in ("year", "unknown")
                continue
            first, last = event["DTSTART"].dt, event["DTEND"].dt
            assert first.isoformat() == session["start"]
            assert (last - first).days == 1 if session["precision"] == "day" else last.day == 1 and first.day == 1
            assert urlsplit(event["URL"]).path == offer["url"]
            seen.add(session["precision"])
    assert seen == {"day", "month"}


def test_a_subscription_holds_sessions_to_come_unless_it_asks_for_all(loaded_app: LoadedApp) -> None:
    by_default, asked, everything = (
        {str(event["UID"]) for event in events_of(loaded_app, f"place=Albi&remote=exclude{more}")}
        for more in ("", "&upcoming=true", "&upcoming=false")
    )
    assert by_default == asked
    assert by_default < everything
    fixed = events_of(loaded_app, "entry=fixed&place=Albi&remote=exclude")
    assert fixed
    assert all(event["DTEND"].dt > TODAY for event in fixed)


def has_meetings(app: LoadedApp, offer: dict[str, Any], session: dict[str, Any]) -> bool:
    sessions = app.get(f"/api/v1/offers/{offer['key']}").json()["record"]["sessions"]
    return any(each["key"] == session["key"] and each.get("meetings") for each in sessions)


def test_one_session_is_found_by_number_and_by_key_and_one_without_a_day_is_not(loaded_app: LoadedApp) -> None:
    offers = lines_of(loaded_app, "place=Occitanie")
    sessions = [(offer, session) for offer in offers for session in offer["sessions"]]
    offer, session = next(pair for pair in sessions if pair[1]["precision"] == "day" and len(pair[1]["id"]) < 100)
    by_key = loaded_app.get(f"{offer['url']}/{session['key']}.ics")
    assert (by_key.status, by_key.content.count(b"BEGIN:VEVENT")) == (200, 1)
    assert loaded_app.get(f"/offres/{offer['key']}/{session['id']}.ics").content == by_key.content
    for precision in ("year", "unknown"):
        offer, session = next(
            pair for pair in sessions if pair[1]["precision"] == precision and not has_meetings(loaded_app, *pair)
        )
        assert loaded_app.get(f"{offer['url']}/{session['key']}.ics").status == 404
    assert loaded_app.get(f"/offres/{offer['key']}/nulle.ics").status == 404


def test_the_page_of_an_offer_links_the_sessions_that_a_calendar_can_show(loaded_app: LoadedApp) -> None:
    offers = lines_of(loaded_app, "place=Albi&upcoming=true&entry=fixed")
    offer = next(each for each in offers if {row["precision"] for row in each["sessions"]} >= {"day", "unknown"})
    page: etree._Element = etree.HTML(loaded_app.get(offer["url"]).text)
    linked = {str(href) for href in page.xpath("//a[contains(@href, '.ics')]/@href")}  # type: ignore[union-attr]
    assert 0 < len(linked) < len(offer["sessions"])
    assert all(loaded_app.get(href).status == 200 for href in linked)


@pytest.mark.parametrize("form", ["csv", "ndjson", "ics", "atom"])
@pytest.mark.parametrize("query", ["place=Albi&upcoming=true", "q=zzzzzz", "group=training&size=1&page=3&place=81"])
def test_the_number_of_offers_is_said_before_the_first(loaded_app: LoadedApp, form: str, query: str) -> None:
    plain = "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in ("group", "size", "page"))
    if form == "ics" and "upcoming" not in plain:
        plain += "&upcoming=true"
    total = loaded_app.get(f"/api/v1/offers?{plain}").json()["total"]
    path = f"/api/v1/offers.{form}?{query}"
    sent, only_head = loaded_app.client.get(path, headers={"Origin": "https://a.example"}), loaded_app.client.head(path)
    assert sent.headers["x-total-count"] == only_head.headers["x-total-count"] == str(total)
    assert "X-Total-Count" in sent.headers["access-control-expose-headers"]
    assert only_head.content == b""
    if form == "csv":
        rows = csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";")
        assert len({row["numero"] for row in rows}) == total


@pytest.mark.parametrize("form", ["csv", "ndjson", "ics", "atom"])
def test_a_bad_parameter_is_refused_and_what_is_of_pages_is_not(loaded_app: LoadedApp, form: str) -> None:
    assert loaded_app.get(f"/api/v1/offers.{form}?nulle=1").status == 400
    assert loaded_app.get(f"/api/v1/offers.{form}?place=Albi&page=2&size=5").status == 200


@pytest.mark.parametrize("query", ["place=Occitanie", "start_from=2027-03-01&start_to=2027-03-31&funder=2"])
def test_a_feed_has_the_newest_offers_of_the_search_and_is_sent_once(loaded_app: LoadedApp, query: str) -> None:
    answer = loaded_app.client.get(f"/api/v1/offers.atom?{query}")
    feed = etree.fromstring(answer.content)
    links = feed.findall("a:entry/a:link", ATOM)
    found = {offer["url"] for offer in lines_of(loaded_app, query)}
    urls = [urlsplit(link.get("href") or "").path for link in links]
    assert len(urls) == len(set(urls)) == min(100, len(found)) > 0
    assert set(urls) <= found
    moments = [str(each.text) for each in feed.findall("a:entry/a:updated", ATOM)]
    assert moments == sorted(moments, reverse=True)
    again = loaded_app.client.get(f"/api/v1/offers.atom?{query}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture(name="small_parts")
def parts_of_few_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urlset, "PART", 500)


@pytest.mark.usefixtures("small_parts")
def test_the_parts_of_the_sitemap_hold_every_offer_once(loaded_app: LoadedApp) -> None:
    index = etree.fromstring(loaded_app.get("/sitemap.xml").content)
    parts = [urlsplit(str(each.text)).path for each in index.findall("s:sitemap/s:loc", SITEMAP)]
    assert len(parts) > 3
    listed = []
    for part in parts:
        answer = loaded_app.get(part)
        assert answer.status == 200
        listed += [urlsplit(str(each.text)).path for each in
                   etree.fromstring(answer.content).findall("s:url/s:loc", SITEMAP)]  # fmt: skip
    offers = [path for path in listed if path.startswith("/offres/")]
    assert sorted(offers) == sorted(offer["url"] for offer in lines_of(loaded_app, ""))
    assert all(loaded_app.get(path).status == 200 for path in listed if path not in offers)
    for path in ("/sitemap-offres-0-3.xml", "/sitemap-offres-4-3.xml", "/sitemap-offres-1-9999.xml"):
        assert loaded_app.get(path).status == 404


PARTED: Final = ("place=Albi&radius=60", "place=81&sort=seats", "place=Occitanie&q=anglais", "q=anglais+toulouse")


@pytest.mark.parametrize("query", PARTED)
def test_around_a_place_every_form_tells_on_site_offers_before_remote_ones(loaded_app: LoadedApp, query: str) -> None:
    found = loaded_app.get(f"/api/v1/offers?{query}&size=1").json()
    onsite, remote = found["presence"]["onsite"], found["presence"]["remote"]
    assert onsite
    assert remote
    assert onsite + remote == found["total"]
    parts = [offer["mode"] == "remote" for offer in lines_of(loaded_app, query)]
    assert parts == [False] * onsite + [True] * remote
    table = loaded_app.get(f"/api/v1/offers.csv?{query}").content.decode("utf-8-sig")
    keys = [row["cle"] for row in csv.DictReader(io.StringIO(table), delimiter=";")]
    assert list(dict.fromkeys(keys)) == [offer["key"] for offer in lines_of(loaded_app, query)]


def test_remote_offers_stay_in_order_among_the_others_without_a_place(loaded_app: LoadedApp) -> None:
    assert loaded_app.get("/api/v1/offers?region=76").json()["presence"] is None
    assert loaded_app.get("/api/v1/offers?place=Albi&remote=exclude").json()["presence"] is None
    parts = [offer["mode"] == "remote" for offer in lines_of(loaded_app, "region=76")]
    assert parts != sorted(parts)
