"""Converts one raw record into the bodies of its offers; pure, runs in worker processes."""

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Final

import orjson
from pydantic import ValidationError

from indexer.normalize.places import Locator
from indexer.normalize.texts import bare_words
from indexer.records import REJECT_TEXT, RULES_VERSION, FaultRow, Format, Prepared, RawRecord, Reject
from indexer.sources.encodings import read_undecodable
from indexer.sources.identifiers import action_numbers, kept_identifiers
from indexer.transform.faults import Faults
from indexer.transform.forms import cpf, index_form, lheo1
from indexer.transform.offer import read_offers, recruiting_of
from indexer.transform.repair import repair_text
from indexer.transform.tree import Node, RecordError, parse_record
from language.unicode import compose_markup
from mappings.keys import key_of
from mappings.offer import OfferBody
from mappings.reference import Reference

Converted = tuple[list[Prepared], list[Reject], list[FaultRow]]
HASH_SIZE: Final = 16


@dataclass(frozen=True, slots=True)
class ConvertContext:
    """Inputs of the conversion beside the record: the name of the source, and the reference tables."""

    source: str
    reference: Reference
    locator: Locator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "locator", Locator(self.reference))


def convert_record(raw: RawRecord, context: ConvertContext) -> Converted:
    """Return the offers, rejects and faults of one record; never raises for the content of a feed."""
    rejects: list[Reject] = []
    faults = Faults()
    raw = replace(raw, texts=tuple(map(compose_markup, raw.texts)))
    try:
        formation = _read_formation(raw, faults, rejects)
        if formation is None:
            return [], rejects, []
        if raw.repeats_training:
            faults.add("repeated-training", "formation/@numero", formation.attributes.get("numero", ""))
        numbered = raw.format not in ("1.3", "index")
        offers = read_offers(formation, context.source, context.reference, context.locator, faults, numbered)
    except RecordError as error:
        return [], [*rejects, reject(raw, error.reason, str(error))], []
    except Exception as error:
        # One record must not affect the others; many with this reason stop the load at its gate.
        return [], [*rejects, reject(raw, "not-convertible", f"{type(error).__name__}: {error}")], []
    prepared: list[Prepared] = []
    rows: list[FaultRow] = []
    for offer, found in offers:
        _settle_sessions(offer, raw, rejects)
        if raw.format == "cpf":
            cpf.open_sessions(offer)
        try:
            prepared.append(_prepare(offer, found, raw, context))
        except (ValidationError, ValueError) as error:
            message = " ".join(str(error).split())[:500]
            rejects.append(reject(raw, "not-storable", message, offer["id"], _text_for(rejects)))
        else:
            rows += [FaultRow(raw.file, raw.line, offer["id"], *row.values()) for row in found.rows]
    return prepared, rejects, rows


def _read_formation(raw: RawRecord, faults: Faults, rejects: list[Reject]) -> Node | None:
    """Return the record's tree in the shape of LHEO 2; None if none of several resumes could be parsed."""
    if raw.format == "index":
        resumes = []
        for text in raw.texts:
            try:
                resumes.append(_parse(text, raw.format, faults)[1])
            except RecordError as error:
                rejects.append(reject(raw, error.reason, str(error), text=text))
        if not resumes:
            return None
        rejects[:] = [replace(each, whole=False) for each in rejects]  # sessions: the action is kept without them
        return index_form.to_lheo2(resumes)
    name, tree = _parse(raw.texts[0], raw.format, faults)
    return lheo1.to_lheo2(tree) if name == "offre-formation" else tree


def _parse(text: str, form: Format, faults: Faults) -> tuple[str, Node]:
    """Parse a text; repair it only if it does not parse, so that valid ones are not searched for damage."""
    reshape = cpf.reshape if form == "cpf" else None
    try:
        return parse_record(text, reshape)
    except RecordError as error:
        if error.reason != "not-well-formed":
            raise
        mended, repairs = repair_text(text)
        if not repairs:
            raise
        parsed = parse_record(mended, reshape)
        for repair in repairs:
            faults.add(repair.kind, "", repair.value)
        return parsed


def _settle_sessions(offer: dict[str, Any], raw: RawRecord, rejects: list[Reject]) -> None:
    """Move sessions with a repeated number from the offer to the rejects; the first one is kept."""
    sessions = offer.get("sessions", [])
    if len({session["id"] for session in sessions}) == len(sessions):
        return
    kept: dict[str, Any] = {}
    for session in sessions:
        if kept.setdefault(session["id"], session) is not session:
            message = f"session/@numero stood before in the action: {session['id'][:200]}"
            one = reject(raw, "repeated-session", message, offer["id"], _text_for(rejects))
            rejects.append(replace(one, whole=False))
    offer["sessions"] = list(kept.values())
    offer["recruiting"] = recruiting_of(offer["sessions"])


def _prepare(offer: dict[str, Any], faults: Faults, raw: RawRecord, context: ConvertContext) -> Prepared:
    """Validate the offer against the contract, serialise it as JSON, and hash that.

    Values from tables are part of the body, so a table that changes nothing in it changes no hash.
    """
    kinds = faults.kinds()
    offer |= {"source": context.source, "format": raw.format}
    if kinds:
        offer |= {"faults": faults.rows, "fault_kinds": kinds}
    OfferBody.model_validate(offer)
    body = orjson.dumps(offer)
    provider = offer.get("provider", {})
    return Prepared(
        id=offer["id"],
        key=offer["key"],
        hash=blake2b(body, digest_size=HASH_SIZE, key=RULES_VERSION.encode()).hexdigest(),
        session_ids=tuple(session["id"] for session in offer.get("sessions", ())),
        body=body,
        siren=provider.get("siren"),
        provider_name=provider.get("name"),
        fault_kinds=tuple(kinds),
        file=raw.file,
        line=raw.line,
        title_key=key_of(bare_words(offer["title"])),
    )


def _text_for(rejects: list[Reject]) -> str | None:
    """Return the text of a further reject of a record: only the first reject has it, because there may be thousands."""
    return "" if rejects else None


def reject(raw: RawRecord, reason: str, message: str, identifier: str | None = None, text: str | None = None) -> Reject:
    """Return a reject of the record, or of one text or action of it."""
    record = raw.texts[0] if text is None else text
    if identifier is not None:
        told = read_undecodable(record[:REJECT_TEXT])
        return Reject(raw.file, raw.line, identifier, (identifier,), reason, message, told)
    record = read_undecodable(record)
    numbers = action_numbers(record)
    first = next((number for number in numbers if number), None)
    return Reject(raw.file, raw.line, first, kept_identifiers(numbers), reason, message, record[:REJECT_TEXT])
