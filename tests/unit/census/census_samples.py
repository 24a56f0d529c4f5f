"""Invented bodies, as they are stored."""

from typing import Any

from search_app.census.offer_counts import CountedOffers
from search_app.census.present import to_provider

STORED: dict[str, Any] = {
    "siren": "100000009",
    "name": "ECOLE DES METIERS DU TARN",
    "name_sort": "ecole des metiers du tarn",
    "also": [{"kind": "acronym", "name": "EMT"}, {"kind": "deliverer", "name": "Ecole des métiers"}],
    "ndas": ["76810000181"],
    "former_ndas": ["73810000181"],
    "stated_ndas": ["73810000181"],
    "listed": True,
    "listed_at": "2026-11-20",
    "state": "active",
    "state_at": "2026-11-19",
    "state_source": "sirene",
    "natural_person": False,
    "diffusible": True,
    "qualiopi": ["action", "vae"],
    "qualiopi_at": "2026-11-20",
    "trainees": 1200,
    "trainees_year_end": "2025-12-31",
    "sites": [
        {"siret": "10000000900026", "town": "GAILLAC", "closed": True, "listed": True, "in_offers": True},
        {
            "siret": "10000000900018",
            "name": "CENTRE D'ALBI",
            "address": "1 RUE NEUVE",
            "postal_code": "81000",
            "town": "ALBI",
            "insee": "81004",
            "department": "81",
            "region": "76",
            "lat": 43.93,
            "lon": 2.15,
            "closed": False,
            "head": True,
            "listed": True,
        },
    ],
    "responsible": True,
    "gaps": [
        {"code": "site-closed", "detail": ["10000000900026"], "source": "sirene", "date": "2026-11-19"},
        {"code": "nda-former", "detail": ["73810000181"], "source": "list", "date": "2026-11-20"},
    ],
    "edition": "2026-11-20",
}
# Known from the catalogue alone: no register is loaded.
BARE: dict[str, Any] = {"siren": "200000008", "name": None, "sites": [{"siret": "20000000800013"}]}
COUNTED = CountedOffers({"100000009": 12}, {"100000009": 5})
VIEW = to_provider(STORED, COUNTED)
UNKNOWN = to_provider(BARE, COUNTED)
