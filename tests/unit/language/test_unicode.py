"""What looks the same is the same, however its letters are written: in records, statements, words and addresses."""

import unicodedata
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.traps.hostile import record
from indexer.load.convert import ConvertContext, convert_record
from indexer.records import RawRecord
from indexer.sources.identifiers import action_numbers
from language.unicode import compose, compose_markup
from mappings.keys import key_of
from mappings.reference import Reference
from search_app.search.params.values import text_reader
from seats.statements.parse import parse_statement

CONTEXT = ConvertContext("test", Reference())
TITLE = "Métiers du bâtiment : certification d’œuvre"
WAYS = {
    "decomposed": unicodedata.normalize("NFD", TITLE),
    "ligatures": TITLE.replace("fi", "\ufb01"),
    "soft hyphens": TITLE.replace("tim", "ti\u00adm"),
    "no width": TITLE.replace("du ", "du\u200b").replace("bâtiment", "bâtiment\ufeff"),
    "references": TITLE.replace("é", "e&#x301;").replace("â", "a&#770;"),
    "escaped references": TITLE.replace("é", "e&amp;#769;"),
}


@pytest.mark.parametrize("way", WAYS)
def test_composed_and_decomposed_titles_are_equal(way: str) -> None:
    text = record("A1", "TITLE").replace("TITLE", WAYS[way])
    (prepared,), rejects, rows = convert_record(RawRecord("feed.xml", 1, "2.3", (text,)), CONTEXT)
    assert (rejects, rows) == ([], [])
    assert orjson.loads(prepared.body)["title"] == TITLE


def test_whole_record_is_composed_with_numbers_and_unread_elements() -> None:
    sound = record("É1", session="É2").replace("</action>", "<mention>Été</mention></action>")
    plain, decomposed = (
        convert_record(RawRecord("feed.xml", 1, "2.3", (text,)), CONTEXT)
        for text in (sound, unicodedata.normalize("NFD", sound))
    )
    assert decomposed == plain
    (prepared,) = decomposed[0]
    assert (prepared.id, prepared.session_ids) == ("É1", ("É2",))
    assert orjson.loads(prepared.body)["detail"]["others"] == {"action/mention": ["Été"]}


def test_rejected_record_keeps_offer_of_composed_number() -> None:
    assert action_numbers(unicodedata.normalize("NFD", '<action numero="É1">')) == ["É1"]


def test_statement_and_address_use_composed_session_number() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    row = {"session": unicodedata.normalize("NFD", "É2"), "funder": "2", "capacity": 9, "available": 3, "sequence": 1}
    statement = parse_statement(orjson.dumps(row | {"observed_at": "2026-11-22T00:00:00Z"}), 1, now)
    assert statement.session == "É2"  # type: ignore[union-attr]
    assert key_of(unicodedata.normalize("NFD", "É2")) == key_of("É2")


def test_typed_words_and_places_are_composed() -> None:
    assert text_reader(100)(unicodedata.normalize("NFD", "Métiers à Béziers")) == "Métiers à Béziers"


@given(st.text('aé<>=\u0338\u0301 "', max_size=20))
def test_markup_characters_are_not_composed(text: str) -> None:
    composed = compose_markup(text)
    for sign in "<>=":
        assert composed.count(sign) == text.count(sign)


@given(st.text(max_size=30))
def test_composing_is_idempotent(text: str) -> None:
    assert compose(compose(text)) == compose(text)
