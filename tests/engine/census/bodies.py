"""Invented bodies over the fixtures' offers: every fact known, denied and unknown; and their census in an engine."""

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import orjson

from language.names import fold_name
from mappings.census.name_index import index_fields
from mappings.census.provider import GAP_CODES
from mappings.loader import load_index_body

Body = dict[str, Any]
EDITION = "2026-11-20"
# Town, INSEE code, département, region, latitude, longitude
TOWNS = (
    ("ALBI", "81004", "81", "76", 43.9278, 2.1481),
    ("Gaillac", "81099", "81", "76", 43.9016, 1.8972),
    ("TOULOUSE", "31555", "31", "76", 43.6045, 1.444),
    ("Paris 12", "75112", "75", "11", 48.8351, 2.4197),
    ("Saint-Denis", "97411", "974", "04", -20.8821, 55.4507),
)
NAMES = (
    "MAISON FAMILIALE RURALE", "Maison familiale rurale d'Albi", "GRETA MIDI-PYRÉNÉES", "Greta du Tarn", "AFPA",
    "CHAMBRE DE COMMERCE ET D'INDUSTRIE DU TARN", "SARL L'ATELIER DES MÉTIERS", "L'Atelier du Bois", "E-LEARNING SAS",
    "Élan Formation", "ELAN", "Association Élans", "CENTRE DE FORMATION D'APPRENTIS DE GAILLAC", "Œuvres & Métiers",
    "LYCÉE PROFESSIONNEL TOULOUSE-LAUTREC", "FORMA PLUS", "Forma'Plus Conseil", "Format", "CFA 81", "INSTITUT TOULOUSE",
)  # fmt: skip
QUALIOPI: tuple[tuple[list[str] | None, list[str]], ...] = (
    (["action"], ["action", "any"]), (["action", "vae", "bilan"], ["action", "vae", "bilan", "any"]),
    (["apprenticeship"], ["apprenticeship", "any"]), (["any"], ["any"]), ([], ["none"]), (None, ["unknown"]),
)  # fmt: skip
STATES: tuple[tuple[bool | None, str | None, list[str]], ...] = (
    (True, "active", ["active", "listed"]), (True, None, ["active", "listed"]), (True, "ceased", ["listed", "ceased"]),
    (False, "ceased", ["not_listed", "ceased"]), (False, None, ["not_listed"]), (None, None, ["unknown"]),
)  # fmt: skip


def invent_bodies(with_offers: Mapping[str, str | None], seed: int = 18) -> list[Body]:
    """Return a body for each SIREN with offers and its name, and as many without."""
    rnd = random.Random(seed)
    told = dict(with_offers) | {f"{900_000_000 + number}": None for number in range(80)}
    return [_invent(siren, name, position, rnd) for position, (siren, name) in enumerate(sorted(told.items()))]


def _invent(siren: str, name: str | None, position: int, rnd: random.Random) -> Body:
    legal = name or (NAMES[position % len(NAMES)] if position % 9 else None)
    also = [{"kind": "sign", "name": rnd.choice(NAMES)}] if position % 4 == 1 else []
    names = [each for each in (legal, *(row["name"] for row in also)) if each]
    sites = [_site(siren, nic, rnd) for nic in range(rnd.randint(0, 3))]
    listed, state, state_rows = STATES[position % len(STATES)]
    qualiopi, qualiopi_rows = rnd.choice(QUALIOPI)
    gaps = rnd.sample(GAP_CODES, rnd.randint(0, 2))
    return {
        "siren": siren,
        "name": legal,
        "name_sort": fold_name(legal) if legal else None,
        "also": also,
        "names_folded": list(dict.fromkeys(map(fold_name, names))),
        "acronyms_folded": ["cci"] if legal and legal.startswith("CHAMBRE") else [],
        "ndas": [f"7681{position:07}"] if listed else [],
        "former_ndas": [f"7381{position:07}"] if position % 5 == 0 else [],
        "stated_ndas": [],
        "sirets": [site["siret"] for site in sites],
        "listed": listed,
        "state": state,
        "state_rows": state_rows,
        "qualiopi": qualiopi,
        "qualiopi_rows": qualiopi_rows,
        "sites": sites,
        "location": [{"lat": site["lat"], "lon": site["lon"]} for site in sites],
        "region": sorted({site["region"] for site in sites}),
        "department": sorted({site["department"] for site in sites}),
        "responsible": name is not None,
        "gaps": [{"code": code, "detail": [], "source": "list", "date": EDITION} for code in gaps],
        "gap_codes": gaps,
        "edition": None if listed is None else EDITION,
        "facts_at": "2026-11-23T03:12:00+00:00",
    }


def _site(siren: str, nic: int, rnd: random.Random) -> Body:
    town, insee, department, region, lat, lon = rnd.choice(TOWNS)
    return {
        "siret": f"{siren}{nic:05}", "town": town, "insee": insee, "department": department, "region": region,
        "lat": lat + rnd.uniform(-0.3, 0.3), "lon": lon, "head": nic == 0,
    }  # fmt: skip


@contextmanager
def census_beside(engine_url: str, prefix: str, own: str, bodies: Iterable[Body]) -> Iterator[None]:
    """Write a census under a prefix of its own, which has aliases of the other indices of a loaded prefix."""
    with httpx.Client(base_url=engine_url, timeout=60) as client:
        added = [
            {"add": {"index": index, "alias": own + name}}
            for name in ("offers", "sources", "reference", "lexicon", "seats", "locks")
            for index in client.get(f"/{prefix}{name}/_alias").raise_for_status().json()
        ]
        client.post("/_aliases", json={"actions": added}).raise_for_status()
        client.put(f"/{own}providers", json=load_index_body("providers")).raise_for_status()
        lines = b"".join(
            orjson.dumps({"index": {"_id": body["siren"]}}) + b"\n" + orjson.dumps(body | index_fields(body)) + b"\n"
            for body in bodies
        )
        headers = {"Content-Type": "application/x-ndjson"}
        answer = client.post(f"/{own}providers/_bulk?refresh=true", content=lines, headers=headers)
        assert not answer.raise_for_status().json()["errors"]
        try:
            yield
        finally:
            removed = [{"remove": each["add"]} for each in added]
            client.post("/_aliases", json={"actions": removed}).raise_for_status()
            client.delete(f"/{own}providers").raise_for_status()
