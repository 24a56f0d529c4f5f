"""Every fixture feed, read and converted without an engine, against the truth that was told before it was written."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from funding.facts.stored import offer_facts, session_facts
from indexer.load.convert import ConvertContext, convert_record
from indexer.records import FileEnd, Limits, Reject
from indexer.reference.files import read_tables
from indexer.sources import read_records
from mappings.offer import OfferBody
from mappings.reference import Reference, build_reference, pack_table
from tests.oracle.funding_facts import truth_offer, truth_session

DATA = Path(__file__).parents[3] / "fixtures" / "data"
MANIFEST: dict[str, Any] = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
SETTLED_LATER = {
    "session-repeated",
    "session-of-another-source",
}  # across records: the load's business, not that of one record
ENTRY = {True: "permanent", False: "fixed", None: None}
FAULT_OF_TRAP = {
    "inverted-period": "inverted-period",
    "coordinates-swapped": "swapped-coordinates",
    "coordinates-out-of-range": "bad-coordinates",
    "coordinates-elsewhere": "far-from-commune",
    "coordinates-cut": "whole-degree-coordinates",
    "insee-unknown": "unknown-insee",
    "postal-code-as-insee": "postal-code-as-insee",
    "postal-code-missing": "no-postal-code",
    "region-wrong": "region-contradiction",
    "control-character": "forbidden-character",
    "raw-control-character": "forbidden-character",
    "bought-negative": "negative-seats",
    "funder-repeated": "repeated-funder",
    "siret-missing": "bad-siret",
}


@pytest.fixture(scope="module")
def reference() -> Reference:
    tables: dict[str, Any] = {}
    for kind, file in MANIFEST["reference"].items():
        for name, data in read_tables(kind, [DATA / file]).items():
            tables[name] = tables[name] | data if name in tables else data
    return build_reference(pack_table(name, data, "2026-11-23") for name, data in tables.items())


@pytest.fixture(scope="module")
def converted(reference: Reference) -> tuple[dict[str, dict[str, dict[str, Any]]], list[tuple[str, Reject]]]:
    """Source -> number -> offer, the first of equal numbers; and all rejects."""
    live: dict[str, dict[str, dict[str, Any]]] = {}
    rejects: list[tuple[str, Reject]] = []
    for source in MANIFEST["sources"]:
        offers = live[source["name"]] = {}
        context = ConvertContext(source["name"], reference)
        for item in read_records([DATA / file for file in source["files"]], Limits()):
            if isinstance(item, FileEnd):
                assert item.complete
            elif isinstance(item, Reject):
                rejects.append((source["name"], item))
            else:
                prepared, refused, _ = convert_record(item, context)
                rejects += [(source["name"], reject) for reject in refused]
                for offer in prepared:
                    offers.setdefault(offer.id, orjson.loads(offer.body))
    return live, rejects


@pytest.fixture(scope="module")
def pairs(converted: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each row of the truth with the offer that was made of it."""
    live = converted[0]
    by_match = {match(offer): offer for offer in live["aura"].values()}
    found = []
    for line in gzip.decompress((DATA / "truth.jsonl.gz").read_bytes()).splitlines():
        row = json.loads(line)
        key = (row["match"]["title"], row["match"]["postal_code"], row["match"]["provider"])
        found.append((row, live[row["source"]][row["action"]] if row["action"] else by_match[key]))
    return found


def match(offer: dict[str, Any]) -> tuple[str, str | None, str]:
    places = offer.get("places") or [{}]
    return offer["title"], places[0].get("postal_code"), offer["provider"]["name"]


def told(offer: dict[str, Any]) -> dict[str, Any]:
    """The offer in the words of the truth."""
    lists = ("formacode", "rome", "rncp", "rs", "audience")
    provider = offer["provider"]
    return {
        **{name: offer.get(name, []) for name in lists},
        "training": offer.get("training_id"),
        "title": offer["title"],
        "funders": offer.get("funder", []),
        "level": int(offer["level"]) if "level" in offer else None,
        "provider_siren": provider.get("siren"),
        "provider_name": provider.get("name"),
        "mode": offer.get("mode"),
        "entry": offer.get("entry"),
        "state_funded": offer.get("state_funded"),
        "entry_level_required": offer["entry_level_required"],
        "hours": offer.get("hours"),
        "price": offer.get("price"),
    }


def test_each_offer_is_what_was_planned(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    assert len(pairs) > 1_500
    for row, offer in pairs:
        expected = {name: row[name] for name in told(offer) if name != "entry"} | {"entry": ENTRY[row["permanent"]]}
        expected["title"] = " ".join(row["title"].split())
        assert told(offer) == expected, row["traps"]


def test_each_place_is_where_it_was_planned(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    names = ("insee", "department", "region", "lat", "lon")
    for row, offer in pairs:
        found = [{name: place.get(name) for name in names} for place in offer.get("places", [])]
        assert found == [{name: place[name] for name in names} for place in row["places"]], row["traps"]
        assert ("location" in offer) == (
            row["mode"] != "remote" and any(place["lat"] is not None for place in row["places"])
        )


def test_each_offer_tells_the_facts_of_funding_that_were_planned(pairs: Any) -> None:
    for row, offer in pairs:
        assert offer_facts(offer) == truth_offer(row), row["traps"]


def test_each_session_tells_its_days_and_rhythm(pairs: Any) -> None:
    for row, offer in pairs:
        planned = Counter(truth_session(row, session) for session in row["sessions"])
        told = Counter(
            session_facts(session, offer.get("entry"), offer.get("rhythm", ())) for session in offer.get("sessions", ())
        )
        assert planned <= told, row["traps"]  # sessions of repeated numbers are settled by the load


def test_damaged_day_of_the_cpf_is_a_fault(pairs: Any) -> None:
    (offer,) = [offer for row, offer in pairs if "funding-declared-damaged" in row["traps"]]
    assert {"kind": "bad-date", "field": "extra:debut-validite", "value": "20260231"}.items() <= offer["faults"][
        0
    ].items()


def test_each_session_is_what_was_planned(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for row, offer in pairs:
        if SETTLED_LATER & set(row["traps"]):
            continue
        found = [
            {
                "session": session["id"],
                "raw": [session.get("start_text"), session.get("end_text")],
                "recruiting": session["recruiting"],
            }
            for session in offer.get("sessions", [])
        ]
        expected = [
            {name: session[name] or found[n][name] for name in ("session", "raw", "recruiting")}
            for n, session in enumerate(row["sessions"])
        ]
        if row["source"] == "index":
            expected.sort(key=lambda session: str(session["session"]))
        assert found == expected, row["traps"]


def test_every_damage_is_told_in_the_offer_that_has_it(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    seen = Counter[str]()
    for row, offer in pairs:
        for trap in row["traps"]:
            kind = FAULT_OF_TRAP.get(trap)
            if kind and (trap != "funder-repeated" or row["source"] == "aura"):  # LHEO 1.3 names funders without seats
                assert kind in offer.get("fault_kinds", []), (trap, offer.get("faults"))
                seen[trap] += 1
    assert set(seen) == set(FAULT_OF_TRAP)


def test_offers_are_as_the_contract_has_them(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for _, offer in pairs:
        OfferBody.model_validate(offer)
        assert None not in offer.values()


def test_what_must_not_be_live_is_among_the_rejects(converted: Any) -> None:
    live, rejects = converted
    expected = json.loads((DATA / "rejects.expected.json").read_text(encoding="utf-8"))
    reasons = {"missing title": {"no-title"}, "not well-formed": {"not-well-formed", "not-closed"}}
    mine = [row for row in expected if row["why"] in reasons]
    assert len(mine) == len(rejects)
    for row, (source, reject) in zip(mine, rejects, strict=True):
        assert (source, reject.identifier) == (row["source"], row["id"])
        assert reject.reason in reasons[row["why"]]
        assert row["id"] is None or row["id"] not in live[source]
