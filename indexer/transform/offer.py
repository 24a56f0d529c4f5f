"""Converts a formation in the shape of LHEO 2 into stored offers: dicts with the fields of mappings.offer."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from indexer.normalize.dates import restate_iso
from indexer.normalize.places import Locator
from indexer.normalize.rhythm import read_rhythms
from indexer.normalize.texts import bare_words, clean_line
from indexer.transform.codes import (
    read_audience,
    read_certifications,
    read_domains,
    read_funders,
    read_level,
)
from indexer.transform.cpf_periods import read_cpf_periods
from indexer.transform.detail import build_detail, read_action_detail, read_training_detail
from indexer.transform.faults import Faults
from indexer.transform.leftovers import ALL_OTHERS, OthersBudget, addresses_of, read_leftovers, said_of, to_others
from indexer.transform.organisations import read_contacts, read_provider, read_trainers
from indexer.transform.places import read_places
from indexer.transform.read import amount, coded, compact, flag, line, text
from indexer.transform.sessions import read_sessions
from indexer.transform.tree import Node, RecordError
from mappings.codes import ENTRY_BY_LHEO, MODE_BY_LHEO, RECRUITING_LABELS
from mappings.keys import key_of
from mappings.reference import Reference
from seats.projection.write import seats_rows

MOST_SESSIONS: Final = 5_000  # of one offer: its sessions have 13 bits in mappings.session_index
CREATED: Final = 8  # characters of a date AAAAMMJJ


def read_training(formation: Node, reference: Reference, faults: Faults) -> dict[str, Any]:
    """Return the fields shared by all actions of a training; raises RecordError if it has no title."""
    title = line(formation, "intitule-formation", faults)
    if title is None:
        stated = formation.texts.get("intitule-formation")
        raise RecordError("no-title", f"intitule-formation: {repr(stated[0][:60]) if stated else 'missing'}")
    domains = read_domains(formation, faults)
    certifications = read_certifications(formation, faults)
    return {
        "training_id": clean_line(formation.attributes.get("numero")),
        "training_key": _training_key(title, certifications, domains["domain"]),
        "title": title,
        "goal": text(formation, "objectif-formation", faults),
        "content": text(formation, "contenu-formation", faults),
        "outcome": text(formation, "resultats-attendus", faults),
        "subjects": _subjects(domains, certifications, reference),
        "provider": read_provider(formation, faults),
        **domains,
        "rome_main": next(iter(domains["rome"]), None),
        **certifications,
        "certifying": flag(formation, "certifiante", faults),
        "level": read_level(formation, "code-niveau-sortie", faults),
        "entry_level": read_level(formation, "code-niveau-entree", faults),
    }


def _training_key(title: str, certifications: dict[str, Any], domains: list[str]) -> str:
    """Return the key shared by offers of one training: of its title and certifications, without any of its domains.

    Systems give one certified training different domain codes, so domains would only split it.
    """
    codes = sorted(f"{name}{code}" for name in ("rncp", "rs", "certifinfo") for code in certifications[name])
    return key_of(f"{bare_words(title)}|{','.join(codes or sorted(domains))}")


def _subjects(domains: dict[str, list[str]], certifications: dict[str, Any], reference: Reference) -> list[str]:
    found = [reference.formacode.get(code) for code in domains["formacode"]]
    found += [reference.rome.get(code) for code in domains["rome"]]
    found += [certification.get("label") for certification in certifications["certifications"]]
    return list(dict.fromkeys(label for label in found if label))


class Training(NamedTuple):
    """Data shared by the actions of a formation: its tree, its fields, and data displayed only on the offers' pages."""

    node: Node
    fields: dict[str, Any]
    detail: dict[str, Any]


def read_action(action: Node, training: Training, source: str, locator: Locator, faults: Faults) -> dict[str, Any]:
    """Return one offer without source and format; elements of its training that no rule reads are added to it."""
    mode = coded(action, "modalites-enseignement", MODE_BY_LHEO, faults)
    entry = coded(action, "modalites-entrees-sorties", ENTRY_BY_LHEO, faults)
    places = read_places(action, locator, faults)
    hours = amount(action, "nombre-heures-total", "bad-number", faults) or None  # a training of 0 hours does not exist
    number = clean_line(action.attributes.get("numero"))
    number = number or derive_number(training.fields, places, hours, source)
    addresses = addresses_of(action)
    periods = read_cpf_periods(training.node, action, faults)  # before the sessions set down what no rule took
    sessions = read_sessions(action, number, entry, addresses, faults)
    if len(sessions) > MOST_SESSIONS:
        raise RecordError("too-many-sessions", f"{len(sessions)} sessions in action {number[:60]}")
    shown = _read_shown(action, training.detail, faults) | {"cpf_periods": periods}
    demanded = flag(action, "niveau-entree-obligatoire", faults) and training.fields["entry_level"]
    offer = {
        "id": number,
        "key": key_of(number),
        **training.fields,
        "trainers": read_trainers(action, faults),
        "entry_level_required": int(demanded or 0),
        **read_audience(action, faults),
        **_placed(places, mode),
        "employment_zone": locator.zones_of(places),
        "mode": mode,
        "entry": entry,
        "rhythm": read_rhythms(shown.get("rhythm")),
        "state_funded": flag(action, "conventionnement", faults),
        **read_funders(action, faults),
        "hours": hours,
        "price": amount(action, "prix-total-TTC", "bad-price", faults),
        "sessions": sessions,
        "recruiting": recruiting_of(sessions),
        "seats_rows": seats_rows(sessions),
        "created": _created(action),
    }
    # last: the elements that the rules above did not take
    others = _read_others(training.node, action, addresses, faults)
    return offer | {"detail": build_detail(training.detail, shown, others)}


def _read_shown(action: Node, detail: dict[str, Any], faults: Faults) -> dict[str, Any]:
    """Return the data that only an action's page displays, with its own contacts after those of its training."""
    shown = read_action_detail(action, faults)
    if own := read_contacts(action, ("contact-information",), faults):
        shown["contacts"] = [*detail["contacts"], *(contact for contact in own if contact not in detail["contacts"])]
    return shown


def _read_others(formation: Node, action: Node, addresses: Sequence[Node], faults: Faults) -> dict[str, list[str]]:
    found = read_leftovers(formation, "", addresses) + read_leftovers(action, "action/", addresses)
    return to_others(found, said_of(addresses), OthersBudget(ALL_OTHERS), faults) if found else {}


def _created(action: Node) -> str:
    stated = clean_line(action.attributes.get("datecrea")) or ""
    return (restate_iso(stated) or stated)[:CREATED]


def recruiting_of(sessions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the recruitment states of an offer's sessions, in the order of their table."""
    states = {session.get("recruiting", "unknown") for session in sessions}
    return [state for state in RECRUITING_LABELS if state in states]


def _placed(places: list[dict[str, Any]], mode: str | None) -> dict[str, Any]:
    points = [{"lat": place["lat"], "lon": place["lon"]} for place in places if "lat" in place and "lon" in place]
    return {
        "places": places,
        "place_text": " ; ".join(dict.fromkeys(place["town"] for place in places if "town" in place)),
        "region": list(dict.fromkeys(place["region"] for place in places if "region" in place)),
        "department": list(dict.fromkeys(place["department"] for place in places if "department" in place)),
        "location": [] if mode == "remote" else points,
    }


def derive_number(training: dict[str, Any], places: list[dict[str, Any]], hours: float | None, source: str) -> str:
    """Return a number for an action without one, from stable content: no dates, no long texts."""
    provider = training["provider"]
    parts = (
        source,
        provider.get("siret") or provider.get("siren") or bare_words(provider.get("name", "")),
        training["training_id"] or "",
        bare_words(training["title"]),
        "|".join(sorted(f"{place.get('postal_code', '')} {bare_words(place.get('town', ''))}" for place in places)),
        *(",".join(sorted(training[name])) for name in ("formacode", "rome", "rncp", "rs", "certifinfo")),
        training["level"] or "",
        f"{hours or 0:g}",
    )
    return f"SN_{blake2b(chr(0).join(parts).encode(), digest_size=10).hexdigest()}"


def read_offers(
    formation: Node, source: str, reference: Reference, locator: Locator, base: Faults, numbered: bool
) -> list[tuple[dict[str, Any], Faults]]:
    """Return every action of a formation as an offer, with its faults; ``numbered`` formats should have numbers."""
    actions = formation.all("action")
    if not actions:
        raise RecordError("no-action", "action: missing, there is nothing to offer")
    shared = Faults(base.rows)
    fields = read_training(formation, reference, shared)
    training = Training(formation, fields, read_training_detail(formation, shared))
    offers = []
    for action in actions:
        faults = Faults(shared.rows)
        if numbered and not clean_line(action.attributes.get("numero")):
            faults.add("no-number", "action/@numero", fields["title"])
        offer = read_action(action, training, source, locator, faults)
        offers.append((compact(offer), faults))
    return offers
