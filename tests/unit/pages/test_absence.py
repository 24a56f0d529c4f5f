"""Nothing that a stored offer may lack costs a page: every optional field, on every face, by generation."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from mappings.offer import Offer
from search_app.text.wording import UNNAMED
from tests.asking import answers_of, problems_of
from tests.hostile_offers import hostile_offers
from tests.stored_offers import (
    EACH,
    Absence,
    Document,
    absences,
    fields_of,
    groups_apart,
    least_offer,
    lone_fields,
    named,
    parts_of,
    whole_offer,
)

LEFT_OUT = [each for each in absences() if each.how == "left out" and not each.first]
OTHER_WAYS = [each for each in absences() if each not in LEFT_OUT]  # null, empty, left out of one item of a list
AT_ONCE = 8  # fields of different parts that one offer lacks together: a page is made for each offer
MORE_AT_ONCE = 12  # in other ways: each of these fields is left out beside fewer, too


def without(*together: Absence) -> Document:
    """Return an offer without some of its fields, named after them."""
    offer = whole_offer()
    for absence in together:
        absence.take_from(offer)
    return named(offer, " and ".join(each.name for each in together))


def lacking(ways: list[Absence], most: int) -> Iterator[Document]:
    """Yield offers that lack, all together, every field in its way; each lacks at most so many of different parts."""
    groups = groups_apart([each.path for each in ways], most)
    assert sorted(number for group in groups for number in group) == list(range(len(ways)))
    for group in groups:
        yield without(*(ways[number] for number in group))


def test_offers_that_lack_several_fields_lack_each_as_if_it_were_alone() -> None:
    """Otherwise a field within an absent part would never be tried."""
    paths = [each.path for each in LEFT_OUT]
    groups = groups_apart(paths, AT_ONCE)
    assert len(groups) < len(paths) / 2
    for group in groups:
        document = without(*(LEFT_OUT[number] for number in group))
        for number in group:
            parts = [*parts_of(document, paths[number][:-1])]
            assert parts
            assert not any(paths[number][-1] in part for part in parts)


def test_the_offers_that_fields_are_taken_from_are_as_the_contract_has_them() -> None:
    for offer in (whole_offer(), least_offer()):
        Offer.model_validate_json(json.dumps(offer), strict=True)
    whole = whole_offer()
    assert [path for path, _ in fields_of() if not is_there(whole, path)] == []


def is_there(part: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        part = (list(part.values()) if isinstance(part, dict) else part)[0] if name == EACH else part.get(name)
        if part in (None, [], {}):
            return False
    return True


def test_every_optional_field_may_be_left_out_on_every_face() -> None:
    assert problems_of([whole_offer(), *lacking(LEFT_OUT, AT_ONCE)]) == []


def test_every_optional_field_may_be_null_or_empty_or_left_out_of_one_item_on_every_face() -> None:
    assert {each.path for each in OTHER_WAYS} < {each.path for each in LEFT_OUT}
    assert problems_of([*lacking(OTHER_WAYS, MORE_AT_ONCE)]) == []


def test_any_part_of_an_offer_may_have_one_field_alone() -> None:
    assert problems_of([*lone_fields(AT_ONCE)]) == []


def test_an_offer_may_have_nothing_but_what_none_is_without() -> None:
    assert problems_of([least_offer()]) == []


@settings(max_examples=6, deadline=None, phases=(Phase.generate,))  # made smaller, it takes minutes
@given(st.lists(st.sets(st.sampled_from([*absences()]), min_size=2, max_size=6), min_size=8, max_size=8))
def test_fields_may_be_absent_together(drawn: list[set[Absence]]) -> None:
    assert problems_of([without(*sorted(together, key=str)) for together in drawn]) == []


def test_values_that_no_reader_expects_cost_no_page() -> None:
    assert problems_of([*hostile_offers()]) == []


def test_a_provider_without_a_name_is_said_to_be_unknown_on_pages_and_is_null_or_empty_in_data() -> None:
    offer = least_offer()
    page, results, by_training, selection, feed, found, csv_file, of_map = answers_of(
        [offer], f"/offres/{offer['key']}", "/offres", "/offres?group=training", f"/selection?o={offer['key']}",
        "/api/v1/offers.atom", "/api/v1/offers", "/api/v1/offers.csv", "/api/v1/map",
    )  # fmt: skip
    assert [UNNAMED in text for text in (page, results, by_training, selection, feed)] == [True] * 5
    assert '"provider"' not in page  # of the structured data
    assert json.loads(found)["results"][0]["provider"] == {"siren": None, "name": None}
    (row,) = csv.DictReader(io.StringIO(csv_file.removeprefix("\ufeff")), delimiter=";")
    assert (row["organisme"], row["siren"]) == ("", "")
    (on_map,) = json.loads(of_map)["cells"][0]["offers"]
    assert on_map["provider"] is None
    assert on_map["shown"].startswith(UNNAMED)


def test_a_provider_without_name_is_called_by_the_delivering_one_else_unnamed_and_never_by_its_number() -> None:
    offer = least_offer() | {"provider": {"siren": "041427865"}}
    addresses = ("/offres", f"/selection?o={offer['key']}", f"/offres/{offer['key']}", "/api/v1/map")
    texts = answers_of([offer], *addresses)
    assert [UNNAMED in text for text in texts] == [True] * 4
    in_details = [True, False, True, False]  # the value of a filter, the details of the offer
    assert ["SIREN 041427865" in text for text in texts] == in_details
    texts = answers_of([offer | {"trainers": [{"siren": "130002850"}, {"name": "CENTRE DES METIERS"}]}], *addresses)
    assert ["Centre des métiers" in text for text in texts] == [True] * 4
    assert [UNNAMED in text for text in texts] == [False] * 4


def test_a_calendar_says_what_is_not_known_of_an_offer() -> None:
    sessions = [{**whole_offer()["sessions"][0], "contacts": []}]
    offer = least_offer() | {"sessions": sessions, "places": [{"lines": ["Rue de la Soif"]}, {"town": "Albi"}]}
    (text,) = answers_of([offer], "/api/v1/offers.ics?upcoming=false")
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert UNNAMED in str(event["DESCRIPTION"]).splitlines()
    assert str(event["LOCATION"]) == "Albi"
    assert "CONTACT" not in event


def test_a_place_of_which_a_result_shows_nothing_is_no_place_of_it_however_it_was_read() -> None:
    """The engine leaves it out of a result; the whole record still has it."""
    offer = least_offer() | {"places": [{"lines": ["Rue de la Soif"]}, {"town": "Albi", "postal_code": "81000"}]}
    found, whole = answers_of([offer], "/api/v1/offers", f"/api/v1/offers/{offer['key']}")
    place = json.loads(found)["results"][0]["place"]
    assert (place["town"], place["others"]) == ("Albi", 0)
    assert json.loads(whole)["offer"]["place"] == place
    assert json.loads(whole)["record"]["places"] == offer["places"]


def test_a_page_says_that_there_is_no_contact_only_where_there_is_none() -> None:
    contact: Document = {"phones": ["0563000000"]}
    session: Document = {"id": "S1", "key": "aaaaaaaaaaaa"}
    parts: dict[str, Document] = {
        "none": {"sessions": [session]},
        "of the provider": {"provider": {"contacts": [contact]}},
        "of a session": {"sessions": [session | {"contacts": [contact]}]},
    }
    offers = [named(least_offer() | part, name) for name, part in parts.items()]
    pages = answers_of(offers, *(f"/offres/{offer['key']}" for offer in offers))
    assert ["Aucun contact n’est donné" in page for page in pages] == [True, False, False]
    assert ["05\xa063\xa000\xa000\xa000" in page for page in pages] == [False, True, True]
    assert "Le contact est donné avec les sessions." in pages[2]
