"""The selection over the loaded fixtures: one request for all of its offers, what is gone, and the file."""

import csv
import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote_plus

import pytest
from icalendar import Calendar
from lxml import html

from engine.client import AsyncEngine
from mappings.keys import key_of
from search_app.base.settings import PARIS, Settings
from search_app.pages.selection.shortlist import Pick, Selection, selection_address
from tests.engine.installation import Action, Installation
from tests.engine.loaded import LoadedApp, RawAnswer, serve

GONE = key_of("an offer that never was")
MISSING = "Cette offre n’est plus au catalogue"


@pytest.fixture(name="offers", scope="module")
def some_offers(loaded_app: LoadedApp) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = loaded_app.search({"size": ["60"], "place": ["Occitanie"]}).json()["results"]
    assert len(results) == 60
    return results


def picks_of(offers: list[dict[str, Any]]) -> tuple[Pick, ...]:
    return tuple(Pick(each["key"]) for each in offers)


def ask(loaded: LoadedApp, address: str) -> RawAnswer:
    answer = loaded.get(address)
    assert answer.status == 200, answer.text
    return answer


def parsed(text: str) -> html.HtmlElement:
    return html.fromstring(text)


def heads_of(answer: RawAnswer) -> list[str]:
    page = parsed(answer.text)
    return [re.sub(r"\s+", " ", title.text_content()).strip() for title in page.xpath('//p[@class="compare-title"]')]


def keys_shown(answer: RawAnswer) -> list[str]:
    """Return the key that each column leads to, in their order."""
    links = parsed(answer.text).xpath('//p[@class="compare-title"]/a/@href')
    return [str(link).partition("?")[0].rpartition("/")[2] for link in links]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_offers_stand_in_the_order_of_the_address_and_are_asked_for_at_once(
    loaded_app: LoadedApp, offers: list[dict[str, Any]]
) -> None:
    chosen = [offers[4], offers[0], offers[2]]
    asked: list[str] = []
    send = AsyncEngine.call

    async def noted(self: AsyncEngine, method: str, path: str, *more: Any, **named: Any) -> Any:
        asked.append(path)
        return await send(self, method, path, *more, **named)

    with patch.object(AsyncEngine, "call", noted):
        answer = ask(loaded_app, selection_address(Selection(picks_of(chosen))))
    assert keys_shown(answer) == [offer["key"] for offer in chosen]
    assert [head.partition(".")[0] for head in heads_of(answer)] == ["1", "2", "3"]
    of_offers = [path for path in asked if "offers/_" in path]
    assert [path.partition("?")[0].rpartition("/")[2] for path in of_offers] == ["_mget"]


def test_fifty_offers_fit_and_the_next_is_told(loaded_app: LoadedApp, offers: list[dict[str, Any]]) -> None:
    address = selection_address(Selection(picks_of(offers[:50])))
    assert len(address) < 950
    assert len(heads_of(ask(loaded_app, address))) == 50
    more = ask(loaded_app, "/selection?o=" + ".".join(each["key"] for each in offers[:51]))
    assert len(heads_of(more)) == 50
    assert "50 offres au plus" in plain(parsed(more.text).text_content())


def test_an_offer_that_was_removed_says_what_it_was_and_offers_its_likes(
    engine_url: str, index_prefix: str, tmp_path: Path
) -> None:
    installation = Installation.with_rules(engine_url, index_prefix, tmp_path)
    gone, like, other = (
        Action(number, title, sessions=(f"S{number}",))
        for number, title in (("A1", "CAP Cuisine"), ("A2", "CAP Cuisine"), ("A3", "Soudure"))
    )
    for actions in ((gone, like, other), (like, other)):
        run = installation.load(*actions, options=("--force", "too-few,too-many-fewer"))
        assert run.status == 0, run.err
    installation.call("POST", f"{installation.prefix}*/_refresh")
    with serve(engine_url, index_prefix) as app:
        address = f"/selection?o={key_of('A1')}~lundi~.{key_of('A3')}.{GONE}"
        answer = ask(app, address)
        sent = ask(app, address.replace("?", ".csv?"))
    page = parsed(answer.text)
    assert [head[3:] for head in heads_of(answer)] == [MISSING, "GRETA", MISSING]
    assert [title.text for title in page.xpath('//p[@class="selection-training"]')] == ["Soudure"]
    assert "CAP Cuisine, jusqu’au" in page.xpath('//th[@id="o1"]')[0].text_content()
    assert "(1 offre)" in plain(page.xpath('//th[@id="o1"]//a[contains(@href, "training=")]')[0].text_content())
    assert page.xpath('//th[@id="o3"]//a[contains(@href, "/offres")]') == []
    assert f"{MISSING} : CAP Cuisine" in sent.text


def test_a_town_gives_distances_and_an_unknown_one_is_told(loaded_app: LoadedApp, offers: list[dict[str, Any]]) -> None:
    near = next(each for each in offers if each["mode"] == "onsite" and each["place"] and each["place"]["lat"])
    where = f"/selection?o={near['key']}&place="
    row = '//tr[th[starts-with(., "Lieu")]]'
    assert "km" in parsed(ask(loaded_app, where + "Albi").text).xpath(row)[0].text_content()
    unknown = parsed(ask(loaded_app, where + "Nulleville").text)
    assert "km" not in unknown.xpath(row)[0].text_content()
    assert "ce lieu est inconnu" in unknown.text_content()


def test_what_the_form_sends_leads_to_the_address_that_says_the_same(
    loaded_app: LoadedApp, offers: list[dict[str, Any]]
) -> None:
    keys = ".".join(each["key"] for each in offers[:2])
    answer = loaded_app.client.get(f"/selection?o={keys}&n1=&n2=rappeler+lundi&place=", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/selection?o={keys}{quote_plus('~rappeler lundi~', safe='~')}"


@pytest.mark.parametrize(
    ("pressed", "order", "place"),
    [("avant={1}", (1, 0), "#o1"), ("apres={0}", (1, 0), "#o2"), ("retirer={0}", (1,), "")],
)
def test_changing_the_order_saves_the_notes_that_were_typed(
    loaded_app: LoadedApp, offers: list[dict[str, Any]], pressed: str, order: tuple[int, ...], place: str
) -> None:
    picks = [Pick(offers[0]["key"], "appeler"), Pick(offers[1]["key"], "14 h")]
    keys = [pick.key for pick in picks]
    sent = f"o={'.'.join(keys)}&place=Albi&n1=appeler&n2=14+h&{pressed.format(*keys)}"
    answer = loaded_app.client.get(f"/selection?{sent}", follow_redirects=False)
    assert answer.status_code == 303
    wanted = selection_address(Selection(tuple(picks[number] for number in order)), (("place", "Albi"),))
    assert answer.headers["location"] == wanted + place


def test_a_note_that_is_too_long_is_told_even_where_the_order_was_changed(
    loaded_app: LoadedApp, offers: list[dict[str, Any]]
) -> None:
    keys = [each["key"] for each in offers[:2]]
    address = f"/selection?o={'.'.join(keys)}&n1={'a' * 81}&n2=court&place="
    page = parsed(ask(loaded_app, f"{address}&avant={keys[1]}").text)
    assert [field.text.strip() for field in page.xpath("//textarea")] == ["court", "a" * 81]
    assert page.xpath('//textarea[@name="n2"]/@aria-invalid') == ["true"]
    removed = loaded_app.client.get(f"{address}&retirer={keys[0]}", follow_redirects=False)
    assert removed.headers["location"] == f"/selection?o={keys[1]}~court~"  # nothing is too long any more


def test_the_last_offer_that_is_taken_off_leaves_an_empty_selection(loaded_app: LoadedApp) -> None:
    answer = loaded_app.client.get(f"/selection?o={GONE}&n1=&place=&retirer={GONE}", follow_redirects=False)
    assert answer.headers["location"] == "/selection?o="


def test_the_file_holds_exactly_these_offers_in_their_order_with_notes_and_no_formula(
    loaded_app: LoadedApp, offers: list[dict[str, Any]]
) -> None:
    first, second = picks_of([offers[3], offers[1]])
    chosen = Selection((Pick(first.key, "=1+1"), Pick(GONE, "partie"), Pick(second.key)))
    answer = ask(loaded_app, selection_address(chosen, path="/selection.csv"))
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    order = list(dict.fromkeys(row["cle"] for row in rows))
    assert order == [first.key, GONE, second.key]
    sessions = {each["key"]: max(1, len(each["sessions"])) for each in offers}
    assert len(rows) == sessions[first.key] + 1 + sessions[second.key]
    assert {row["note"] for row in rows if row["cle"] == first.key} == {"'=1+1"}
    assert any(row["telephone"] for row in rows)
    gone = next(row for row in rows if row["cle"] == GONE)
    assert (gone["intitule"], gone["note"]) == (MISSING, "partie")


def coming_of(app: LoadedApp, page: str) -> list[dict[str, Any]]:
    query = {"place": ["Occitanie"], "upcoming": ["true"], "size": ["100"], "page": [page]}
    results: list[dict[str, Any]] = app.search(query).json()["results"]
    return results


def test_the_calendar_holds_the_sessions_to_come_of_these_offers_with_their_notes(
    loaded_app: LoadedApp, offers: list[dict[str, Any]]
) -> None:
    chosen = Selection((Pick(offers[0]["key"], "appeler; lundi, tôt"), Pick(GONE), *picks_of(offers[1:5])))
    address = selection_address(chosen, path="/selection.ics")
    coming = {each["key"]: each["sessions"] for page in ("1", "2", "3") for each in coming_of(loaded_app, page)}
    sessions = [each for pick in chosen.picks for each in coming.get(pick.key, ())]
    dated = [each for each in sessions if each["matches"] and each["precision"] in ("day", "month")]
    expected = {f"session-{each['key']}@boussole" for each in dated}
    events = {str(event["uid"]): event for event in Calendar.from_ical(ask(loaded_app, address).text).walk("VEVENT")}
    assert set(events) == expected
    assert expected
    told = {uid for uid, event in events.items() if str(event["description"]).startswith("Note : appeler; lundi, tôt")}
    assert told == {f"session-{each['key']}@boussole" for each in offers[0]["sessions"]} & expected
    link = parsed(ask(loaded_app, selection_address(chosen)).text).xpath('//a[contains(@href, ".ics")]/@href')
    assert link == [address]


def test_junk_is_a_page_and_parameters_that_are_unknown_are_nothing(loaded_app: LoadedApp) -> None:
    for query in ("", "?o=", "?o=nulle", "?o=%00%FF~~~", "?o=" + "x." * 9000, "?n1=x&n99=y", "?x=1&lat=91", "?lat=1"):
        assert loaded_app.get(f"/selection{query}").status in (200, 303), query


def test_results_ignore_the_selection_and_the_api_refuses_it(
    loaded_app: LoadedApp, offers: list[dict[str, Any]]
) -> None:
    key = offers[0]["key"]
    page = parsed(ask(loaded_app, f"/offres?place=Albi&selection={key}").text)
    plainly = parsed(ask(loaded_app, "/offres?place=Albi").text)
    count = '//p[@class="count"]/text()'
    assert page.xpath(count) == plainly.xpath(count)
    assert loaded_app.get(f"/api/v1/offers?selection={key}").status == 400


def test_a_selection_in_which_nothing_is_new_is_not_sent_again_a_minute_later(
    loaded_app: LoadedApp, offers: list[dict[str, Any]]
) -> None:
    tags = []
    for minute in (4, 5):
        moment = datetime(2026, 11, 23, 14, minute, tzinfo=PARIS)
        with patch.object(Settings, "current_moment", lambda _, moment=moment: moment):
            answer = loaded_app.client.get(f"/selection?o={offers[0]['key']}")
        assert f"14\u00a0h\u00a00{minute}" in answer.text
        tags.append(answer.headers["etag"])
    assert tags[0] == tags[1]
