"""Whatever a record lacks or says instead: it is an offer as the contract has it, or set aside; no face breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import orjson
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from indexer.load.convert import ConvertContext, convert_record
from indexer.offers.document import Head, to_document
from indexer.records import Limits, RawRecord
from indexer.sources import read_records
from mappings.keys import key_of
from mappings.offer import Offer
from mappings.reference import Reference
from tests.asking import problems_of

DATA = Path(__file__).parents[3] / "fixtures" / "data"
SOURCES: list[dict[str, Any]] = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["sources"]
OF_EACH = 8  # records of each file
CONTEXT = ConvertContext("test", Reference())
FILLERS = ("-", "aucune", "Non renseigné", "", " ", "0", "00000000", "99999999", "00000000000000", "&nbsp;")
HOSTILE = (
    "javascript:alert(1)", "<b>x</b>", "x" * 3_000, "-1", "1e309", "1,5,7", "20270231", "20270300", "20270000",
    "22001231", "19000101", "\u202e\u0001\ufdd0z", "91", "181", "99999", "2A", "=1+1", "http://[", "a@b", "https://x.y/\t",
)  # fmt: skip


@cache
def records() -> list[RawRecord]:
    """Some records of each form."""
    found: list[RawRecord] = []
    for source in SOURCES:
        for file in source["files"]:
            whole = [each for each in read_records([DATA / file], Limits()) if isinstance(each, RawRecord)]
            found += whole[:: max(1, len(whole) // OF_EACH)][:OF_EACH]
    assert {each.format for each in found} >= {"1.3", "2.2", "2.3", "index"}
    return found


def damaged(record: RawRecord, random: Random) -> RawRecord:
    """The record with some of its elements gone, doubled, or saying something else."""
    return RawRecord(record.file, record.line, record.format, tuple(_damaged(text, random) for text in record.texts))


def _damaged(text: str, random: Random) -> str:
    try:
        root = etree.fromstring(text)
    except (etree.XMLSyntaxError, ValueError):
        return text  # damaged already
    rate = random.choice((0.02, 0.1, 0.4))
    for element in [*root.iterdescendants()]:
        parent = element.getparent()
        if parent is None or random.random() > rate:
            continue
        if random.random() < 0.4:
            parent.remove(element)
        elif len(element) == 0:
            said = random.choice(FILLERS if random.random() < 0.6 else HOSTILE)
            element.text = "".join(sign for sign in said if sign.isprintable())
        for name in element.attrib if random.random() < 0.2 else ():
            element.attrib[name] = random.choice(FILLERS)
    return etree.tostring(root, encoding="unicode")


def offers_of(records: Iterator[RawRecord]) -> Iterator[dict[str, Any]]:
    """The offers, each as the contract has it to the type of each value; under numbers and keys of their own."""
    for number, record in enumerate(records):
        prepared, rejects, _ = convert_record(record, CONTEXT)
        assert [reject for reject in rejects if reject.reason in ("not-convertible", "not-storable")] == []
        for place, each in enumerate(prepared):
            document = to_document(orjson.loads(each.body), Head(each.hash, 1, "2026-11-23T00:00:00Z"))
            Offer.model_validate_json(document, strict=True)
            offer = orjson.loads(document)
            offer["key"] = key_of(f"{number} {place}")
            for session in offer.get("sessions", ()):
                session["key"] = key_of(f"{number} {place} {session['key']}")
            yield offer


# Not made smaller: that takes minutes, and the problems name their offers.
@settings(max_examples=5, deadline=None, phases=(Phase.generate,))
@given(seed=st.integers(0, 2**32))
def test_a_damaged_record_is_a_sound_offer_or_set_aside_and_breaks_no_face(seed: int) -> None:
    random = Random(seed)
    drawn = random.sample(records(), 20)
    assert problems_of([*offers_of(damaged(record, random) for record in drawn)]) == []
