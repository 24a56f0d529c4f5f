"""A formation in the shape of LHEO 2 into the offers that are stored: dicts with the fields of mappings.offer."""

from hashlib import blake2b
from typing import Any, Final

from indexer.normalize.dates import restate_iso
from indexer.normalize.places import Locator
from indexer.normalize.rhythm import read_rhythms
from indexer.normalize.texts import clean_line, fold
from indexer.transform.codes import (
    read_audience,
    read_certifications,
    read_domains,
    read_funders,
    read_level,
)
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

MOST_SESSIONS: Final = 5_000  # of one offer; the engine refuses documents with more than 10,000 nested ones
CREATED: Final = 8  # characters of a date AAAAMMJJ


def read_training(formation: Node, reference: Reference, faults: Faults) -> dict[str, Any]:
    """Return what all actions of a training share; raises RecordError if it has no title."""
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
    """Return the key that offers of one training share: of its title and certifications, without any of its domains.

    Two systems give one certified training different domain codes, so they would only part it.
    """
    codes = sorted(f"{name}{code}" for name in ("rncp", "rs", "certifinfo") for code in certifications[name])
    return key_of(f"{fold(title)}|{','.join(codes or sorted(domains))}")


def _subjects(domains: dict[str, list[str]], certifications: dict[str, Any], reference: Reference) -> list[str]:
    found = [reference.formacode.get(code) for code in domains["formacode"]]
    found += [reference.rome.get(code) for code in domains["rome"]]
    found += [certification.get("label") for certification in certifications["certifications"]]
    return list(dict.fromkeys(label for label in found if label))


def read_action(
    action: Node,
    training: dict[str, Any],
    detail: dict[str, Any],
    formation: Node,
    source: str,
    locator: Locator,
    faults: Faults,
) -> dict[str, Any]:
    """Return one offer without hash, source, time and format; what is left of the ``formation`` goes along with it."""
    mode = coded(action, "modalites-enseignement", MODE_BY_LHEO, faults)
    entry = coded(action, "modalites-entrees-sorties", ENTRY_BY_LHEO, faults)
    places = read_places(action, locator, faults)
    hours = amount(action, "nombre-heures-total", "bad-number", faults) or None  # no training lasts 0 hours
    number = clean_line(action.attributes.get("numero"))
    number = number or derive_number(training, places, hours, source)
    addresses = addresses_of(action)
    sessions = read_sessions(action, number, entry, addresses, faults)
    if len(sessions) > MOST_SESSIONS:
        raise RecordError("too-many-sessions", f"{len(sessions)} sessions in action {number[:60]}")
    shown = read_action_detail(action, faults)
    if own := read_contacts(action, ("contact-information",), faults):
        shown["contacts"] = [*detail["contacts"], *(contact for contact in own if contact not in detail["contacts"])]
    demanded = flag(action, "niveau-entree-obligatoire", faults) and training["entry_level"]
    offer = {
        "id": number,
        "key": key_of(number),
        **training,
        "trainers": read_trainers(action, faults),
        "entry_level_required": int(demanded or 0),
        **read_audience(action, faults),
        **_placed(places, mode),
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
    # Last: what the rules above did not take.
    found = read_leftovers(formation, "", addresses) + read_leftovers(action, "action/", addresses)
    others = to_others(found, said_of(addresses), OthersBudget(ALL_OTHERS), faults) if found else {}
    return offer | {"detail": build_detail(detail, shown, others)}


def _created(action: Node) -> str:
    stated = clean_line(action.attributes.get("datecrea")) or ""
    return (restate_iso(stated) or stated)[:CREATED]


def recruiting_of(sessions: list[dict[str, Any]]) -> list[str]:
    """Return the recruitment states of an offer's sessions, in the order of their table."""
    return [state for state in RECRUITING_LABELS if any(session["recruiting"] == state for session in sessions)]


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
    """Return a number for an action without one, from what does not change from night to night: no dates, no texts."""
    provider = training["provider"]
    parts = (
        source,
        provider.get("siret") or provider.get("siren") or fold(provider.get("name", "")),
        training["training_id"] or "",
        fold(training["title"]),
        "|".join(sorted(f"{place.get('postal_code', '')} {fold(place.get('town', ''))}" for place in places)),
        *(",".join(sorted(training[name])) for name in ("formacode", "rome", "rncp", "rs", "certifinfo")),
        training["level"] or "",
        f"{hours or 0:g}",
    )
    return f"SN_{blake2b(chr(0).join(parts).encode(), digest_size=10).hexdigest()}"


def read_offers(
    formation: Node, source: str, reference: Reference, locator: Locator, base: Faults, numbered: bool
) -> list[tuple[dict[str, Any], Faults]]:
    """Return every action of a formation as an offer, with its faults; ``numbered`` formats ought to have numbers."""
    actions = formation.all("action")
    if not actions:
        raise RecordError("no-action", "action: missing, there is nothing to offer")
    shared = Faults(base.rows)
    training = read_training(formation, reference, shared)
    detail = read_training_detail(formation, shared)
    offers = []
    for action in actions:
        faults = Faults(shared.rows)
        if numbered and not clean_line(action.attributes.get("numero")):
            faults.add("no-number", "action/@numero", training["title"])
        offer = read_action(action, training, detail, formation, source, locator, faults)
        offers.append((compact(offer), faults))
    return offers
