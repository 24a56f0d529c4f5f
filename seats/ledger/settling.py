"""Settles statements made before their session was known, and displaces those that lost their right.

A statement competes under (session, funder) only if its producer has the right for the session's source. One that was
made before any offer had the session waits separately, by the rights of its producer; when the session is known it is
moved, or keeps waiting. A document in the place without the right (the session moved to another source, or an earlier
version kept it there) is displaced. Every step may be repeated, and interrupted: documents are written first and
deleted after. See docs/decisions/0012-statements-before-their-session.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from engine.answers import found_documents
from engine.bulk import Outcome, write_groups
from engine.requests import Request, Steps
from mappings.loader import load_index_body
from seats.ledger.store import (
    Figure,
    fetch_of_source,
    id_of,
    is_waiting,
    ledger_id,
    may_count,
    to_figure,
    write_lines,
)

Document = Mapping[str, Any]
AT_ONCE: Final = 1_000  # statements of one request
ATTEMPTS: Final = 3  # for a place whose document is changed concurrently


@dataclass(frozen=True, slots=True)
class Kept:
    """A document of the ledger, with the version that a deletion must name."""

    document: Document
    version: Mapping[str, int]


def settle(ledger: str, documents: Iterable[Document], source_of: Mapping[str, str]) -> Steps[None]:
    """Move waiting statements that may count for their session's source, by session key, to their place."""
    waiting = [each for each in documents if is_waiting(each) and may_count(each, source_of.get(each["session_key"]))]
    if waiting:
        properties = load_index_body("ledger")["mappings"]["properties"]  # an earlier version's ledger lacks a field
        yield Request("PUT", f"/{ledger}/_mapping", {"properties": properties})
    for start in range(0, len(waiting), AT_ONCE):
        yield from _settle(ledger, waiting[start : start + AT_ONCE], source_of)


def _settle(ledger: str, waiting: Sequence[Document], source_of: Mapping[str, str]) -> Steps[None]:
    claims = [{**each, "settled": source_of[each["session_key"]]} for each in waiting]
    items = yield from write_groups(f"/{ledger}/_bulk", [write_lines(claim) for claim in claims])
    late = [claim for claim, (item,) in zip(claims, items, strict=True) if item.outcome is Outcome.CONFLICT]
    yield from displace(ledger, late, source_of)
    yield from write_groups(f"/{ledger}/_bulk", [_forget_lines(each) for each in waiting])


def displace(ledger: str, documents: Sequence[Document], source_of: Mapping[str, str]) -> Steps[set[str]]:
    """Replace documents without the right in their place; return the ids of the replacements made.

    Displaced documents wait from then on: the session may return to its source.
    """
    done: set[str] = set()
    left = list(documents)
    for _ in range(ATTEMPTS):
        kept = yield from fetch_kept(ledger, {id_of(each) for each in left})
        left = [each for each in left if is_without_right(kept.get(id_of(each)), source_of)]
        if not left:
            break
        if not done:  # else the engine remembers a deleted document for a minute, and refuses lower versions
            forgetting = load_index_body("ledger")["settings"]["index"]["gc_deletes"]
            yield Request("PUT", f"/{ledger}/_settings", {"index": {"gc_deletes": forgetting}})
        groups = [_displacing_lines(each, kept[id_of(each)]) for each in left]
        items = yield from write_groups(f"/{ledger}/_bulk", groups)
        done |= {id_of(each) for each, (*_, last) in zip(left, items, strict=True) if last.outcome is Outcome.DONE}
        left = [each for each in left if id_of(each) not in done]
    return done


def is_without_right(kept: Kept | None, source_of: Mapping[str, str]) -> bool:
    """Tell whether a document has no right to its place; unknown for unknown sessions."""
    source = source_of.get(kept.document["session_key"]) if kept else None
    return kept is not None and source is not None and not may_count(kept.document, source)


def fetch_kept(ledger: str, ids: Iterable[str]) -> Steps[dict[str, Kept]]:
    """Return documents by id in real time; missing ones are absent."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    answer = yield Request("POST", f"/{ledger}/_mget", {"ids": wanted})
    kept = {}
    for found in found_documents(answer):
        version = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        kept[found["_id"]] = Kept(found["_source"], version)
    return kept


def fetch_settled_figures(ledger: str, session_keys: Sequence[str], source: str) -> Steps[dict[str, list[Figure]]]:
    """Return the figures of sessions that a load adds for a source, by key; their waiting statements are settled
    first.
    """
    documents = yield from fetch_of_source(ledger, session_keys, source)
    yield from settle(ledger, documents, dict.fromkeys(session_keys, source))
    figures: dict[str, list[Figure]] = {}
    for document in documents:
        figures.setdefault(document["session_key"], []).append(to_figure(document))
    return figures


def _forget_lines(document: Document) -> bytes:
    """Return the line that deletes a waiting document, but no later version of it."""
    action = {"_id": id_of(document), "version": document["sequence"], "version_type": "external_gte"}
    return orjson.dumps({"delete": action}) + b"\n"


def _displacing_lines(document: Document, kept: Kept) -> bytes:
    """Return the lines that let one document wait, delete it from its place, and write another there."""
    aside = {name: value for name, value in kept.document.items() if name != "settled"}
    place = ledger_id(document["session"], document["funder"])
    deletion = {"delete": {"_id": place, **kept.version}}
    return b"%b%b\n%b" % (write_lines(aside), orjson.dumps(deletion), write_lines(document))
