"""A small installation in memory: offers with sessions, the ledger, and statements recorded as the app records them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import orjson

from engine.fake import FakeEngine
from mappings.keys import key_of
from mappings.loader import load_index_body
from mappings.names import IndexNames
from seats.ledger.settling import fetch_settled_figures
from seats.projection.scripts import REMOVE_SCRIPT, UPDATE_SCRIPT
from seats.projection.write import FoundOffer as Found
from seats.projection.write import project
from seats.statements.forms import read_ndjson
from seats.statements.producers import COMMAND, Producer
from seats.statements.record import record_lines
from seats.statements.tally import SeatsAnswer

NAMES = IndexNames("x-")
ONE = Producer("one-system", frozenset({"one"}))
TWO = Producer("two-system", frozenset({"two"}))
Told = tuple[int, int, int]  # accepted, stale, unknown


def statement(session: str, available: int | None, sequence: int, funder: str = "2", **more: Any) -> dict[str, Any]:
    """Return a statement as a producer sends it."""
    told = {"session": session, "funder": funder, "capacity": 20, "available": available, "sequence": sequence}
    return {**told, "observed_at": "2026-11-22T18:25:00Z", **more}


class World:
    """An engine in memory and what a test asks of it."""

    def __init__(self) -> None:
        self.fake = FakeEngine()
        self.fake.create("x-offers-1", load_index_body("offers") | {"aliases": {NAMES.offers: {}}})
        self.fake.scripts[UPDATE_SCRIPT] = update_figures
        self.fake.scripts[REMOVE_SCRIPT] = remove_figures
        self.cutoff = ""

    def offer(self, name: str, *sessions: str, source: str = "one", funders: tuple[str, ...] = ("2",)) -> None:
        """Put an offer with these sessions into the index, without figures."""
        rows = [{"id": each, "key": key_of(each)} for each in sessions]
        stored = {"source": source, "funder": [*funders], "sessions": rows}
        self.fake.put(
            "x-offers-1",
            {name: stored | {"session_keys": [row["key"] for row in rows], "purchases": ["?"]}},
        )

    def load(self, name: str, *sessions: str, source: str = "one") -> None:
        """Put an offer into the index as a load does: with the figures that its sessions have by then."""
        self.refresh()
        keys = [key_of(each) for each in sessions]
        figures = self.fake.run(fetch_settled_figures(NAMES.ledger, keys, source))
        self.offer(name, *sessions, source=source)
        found = {name: Found(source, tuple(keys))}
        self.fake.run(project(NAMES.offers, found, figures, self.cutoff))
        self.refresh()

    def state(self, *rows: Mapping[str, Any], producer: Producer = COMMAND) -> Told:
        """Record statements; returns how many were accepted, stale and unknown. None may be rejected."""
        answer = self.answer(*rows, producer=producer)
        assert answer["rejected"] == []
        return answer["accepted"], answer["stale"], answer["unknown"]

    def answer(self, *rows: Mapping[str, Any], producer: Producer = COMMAND) -> dict[str, Any]:
        """Record statements; returns the whole answer."""
        with closing(SeatsAnswer()) as answer:
            lines = [orjson.dumps(row) for row in rows]
            self.fake.run(record_lines(NAMES, lines, read_ndjson, producer, answer, lambda: self.cutoff))
            self.refresh()
            told: dict[str, Any] = orjson.loads(b"".join(answer.parts()))
        return told

    def refresh(self) -> None:
        """Let searches see everything."""
        for index in self.fake.cluster.indices.values():
            index.refresh()

    def left(self, session: str) -> dict[str, int] | None:
        """Return the seats left of a session as its offer has them; None if no offer has it, or no figure."""
        for offer in self.fake.documents(NAMES.offers).values():
            for each in offer["sessions"]:
                if each["id"] == session:
                    left: dict[str, int] | None = each.get("left")
                    return left
        return None

    def kept(self, session: str) -> list[tuple[int, int | None, list[str] | None, str | None]]:
        """Return what the ledger has of a session: sequence, seats left, sources and the source it is settled for."""
        rows = self.fake.documents(NAMES.ledger).values()
        return sorted(
            (row["sequence"], row["available"], row.get("sources"), row.get("settled"))
            for row in rows
            if row["session"] == session
        )

    def asked(self) -> list[str]:
        """Return the paths that were asked since the last call of this."""
        paths = [each.path.partition("?")[0] for each in self.fake.requests]
        self.fake.requests.clear()
        return paths


def update_figures(offer: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Do what UPDATE_SCRIPT does, written for the tests: the real engine runs the real one in tests/engine/seats."""
    changed = False
    for session in offer["sessions"]:
        seats = {figure["funder"]: figure for figure in session.get("seats", [])}
        touched = False
        for figure in params["figures"].get(session["key"], ()):
            if figure["sequence"] > seats.get(figure["funder"], {"sequence": -1})["sequence"]:
                seats[figure["funder"]], touched = figure, True
        counted = {"left": left_of(seats, offer, params), "capacity": capacity_of(seats, offer, params)}
        before = {name: session.get(name, {}) for name in counted}
        if session["key"] in params["figures"] and (touched or counted != before):
            session |= {"seats": [seats[funder] for funder in sorted(seats)], **counted}
            changed = True
    return offer if changed else None


def remove_figures(offer: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any] | None:
    """Do what REMOVE_SCRIPT does."""
    changed = False
    for session in offer["sessions"]:
        gone = {(each["funder"], each["sequence"]) for each in params["figures"].get(session["key"], ())}
        seats = {
            each["funder"]: each for each in session.get("seats", ()) if (each["funder"], each["sequence"]) not in gone
        }
        if len(seats) < len(session.get("seats", ())):
            session |= {"seats": [*seats.values()], "left": left_of(seats, offer, params)}
            session["capacity"] = capacity_of(seats, offer, params)
            changed = True
    return offer if changed else None


def left_of(seats: Mapping[str, Any], offer: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, int]:
    """Return what is left by these figures, by funder of the offer and under any."""
    known = {
        funder: figure["available"]
        for funder, figure in seats.items()
        if figure["available"] is not None and figure["observed_at"] >= params["cutoff"]
    }
    any_left = {"any": max(known.values())} if known else {}
    return {funder: number for funder, number in known.items() if funder in offer["funder"]} | any_left


def capacity_of(seats: Mapping[str, Any], offer: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, int]:
    """Return the known capacities by funder of the offer."""
    return {
        funder: figure["capacity"]
        for funder, figure in seats.items()
        if funder in offer["funder"] and figure["capacity"] is not None and figure["observed_at"] >= params["cutoff"]
    }
