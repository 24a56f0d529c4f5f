"""Reads a posted body, JSON or a form, and the person in it; what goes wrong is told without anything that was posted.

A fault names a place (``person``, a fact of it, ``session``, ``on``, ``body``) and what is allowed there.
"""

import asyncio
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request

from funding import BadPerson, Person, parse_form, parse_person
from funding.facts.table import PERSON
from search_app.base.deadline import paused
from search_app.base.errors import BadForm, BadParameters, BadRequest, Fault, RequestTooLarge, TooSlow, UnsupportedForm

MOST_BYTES: Final = 32_768  # as of an address: a search with a person is hardly longer than one without
MOST_SECONDS: Final = 10.0  # for a body that fits into a few packets
MOST_FIELDS: Final = 1_000
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
BODY, SESSION, ON = "body", "session", "on"
LONGEST_SESSION: Final = 2_000  # characters: numbers glued together are over 512
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 12, 31)

Pairs = tuple[tuple[str, str], ...]


async def read_json(request: Request) -> dict[str, Any]:
    """Return the posted JSON object; raises BadForm, RequestTooLarge, TooSlow, UnsupportedForm."""
    body = await _read_body(request, JSON)
    try:
        posted = orjson.loads(body)
    except orjson.JSONDecodeError:
        posted = None
    if not isinstance(posted, dict):
        raise BadForm("Le corps de la requête doit être un objet JSON, en UTF-8.")
    try:
        json.loads(body, object_pairs_hook=_refuse_twice)
    except (ValueError, RecursionError):
        raise BadForm("Dans un objet JSON, chaque nom ne doit figurer qu’une fois.") from None
    return posted


def _refuse_twice(pairs: Sequence[tuple[str, Any]]) -> None:
    """Raise ValueError if a name stands twice in an object: readers would not agree which value is meant."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError


async def read_form(request: Request) -> Pairs:
    """Return the fields of a posted form in their order; raises BadForm, RequestTooLarge, TooSlow, UnsupportedForm."""
    body = await _read_body(request, FORM)
    try:
        return tuple(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BadForm(f"Ce formulaire a plus de {MOST_FIELDS} champs.") from None


async def _read_body(request: Request, kind: str) -> bytes:
    kinds = request.headers.getlist("content-type")
    if len(kinds) != 1 or kinds[0].partition(";")[0].strip().lower() != kind:
        raise UnsupportedForm(f"Ce type de contenu n’est pas reçu ici ; possible : {kind}.")
    if any(coding.strip().lower() != "identity" for coding in request.headers.getlist("content-encoding")):
        raise UnsupportedForm("Un corps compressé n’est pas reçu.")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise _too_large()
    try:
        with paused():
            async with asyncio.timeout(MOST_SECONDS):
                return await _receive(request)
    except TimeoutError:
        raise TooSlow(f"Corps trop lent : {MOST_SECONDS:g} secondes au plus.") from None
    except ClientDisconnect:
        raise BadRequest("Le corps de la requête n’est pas arrivé en entier.") from None


async def _receive(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> RequestTooLarge:
    return RequestTooLarge(f"Le corps de la requête est trop long ({MOST_BYTES} octets au plus).")


def to_person(posted: Any) -> Person:
    """Return the person of a JSON value, one of whom nothing is known for ``null``; raises BadParameters."""
    try:
        return parse_person({} if posted is None else posted)
    except BadPerson as error:
        raise BadParameters(_faults_of(error)) from None


def form_to_person(fields: Iterable[tuple[str, str]]) -> Person:
    """Return the person of a form, whose other fields are left alone; raises BadParameters."""
    given: dict[str, list[str]] = {}
    for name, text in fields:
        if name in PERSON and text.strip():
            given.setdefault(name, []).append(text)
    faults = [fault_at(name, "une seule valeur") for name, texts in given.items() if len(texts) > 1]
    person = Person()
    try:
        person = parse_form({name: texts[0] for name, texts in given.items() if len(texts) == 1})
    except BadPerson as error:
        faults += _faults_of(error)
    if faults:
        raise BadParameters(faults)
    return person


def _faults_of(error: BadPerson) -> list[Fault]:
    return [fault_at(fault.where, fault.allowed) for fault in error.faults]


def fault_at(where: str, allowed: str) -> Fault:
    """Return the fault of a place in a posted body: without the value, and for pages with the label of the fact."""
    message = f"{where} : valeur non reçue (possible : {allowed})."
    plain = f"{PERSON[where].label} : cette réponse n’est pas reçue." if where in PERSON else ""
    return Fault(where, "", allowed, message, plain)


def unknown_names(posted: Mapping[str, Any], known: Collection[str]) -> list[Fault]:
    """Return one fault if an object has other names than those known; it repeats none of them."""
    return [] if posted.keys() <= set(known) else [_names(known)]


def _names(known: Collection[str]) -> Fault:
    return fault_at(BODY, f"les noms {', '.join(known)}")


def to_session(posted: Any) -> str | None:
    """Return the number or key of a session, None for ``null``; raises BadParameters."""
    if posted is None or (isinstance(posted, str) and 0 < len(posted) <= LONGEST_SESSION):
        return posted
    raise BadParameters([fault_at(SESSION, "le numéro ou la clé d’une session de cette offre, ou null")])


def to_day(posted: Any, today: date) -> date:
    """Return the day of the question, today for ``null``; raises BadParameters."""
    if posted is None:
        return today
    try:
        day = date.fromisoformat(posted) if isinstance(posted, str) and DATE.fullmatch(posted) else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise BadParameters([fault_at(ON, f"une date du {FIRST_DAY} au {LAST_DAY}, ou null")])
    return day


def without_values(faults: Iterable[Fault], known: Collection[str]) -> list[Fault]:
    """Return the faults of posted parameters without what was given, which the faults of an address repeat.

    Those of unknown names become one fault, which names none of them.
    """
    told = [fault_at(each.parameter, each.allowed) if each.parameter in known else _names(known) for each in faults]
    return list(dict.fromkeys(told))
