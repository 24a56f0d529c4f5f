"""INSEE codes of communes: arrondissements of Paris, Lyon and Marseille, communes and employment zones of an offer."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

FIELD: Final = "commune"
CITY_OF: Final = {"751": "75056", "6938": "69123", "132": "13055"}  # prefixes of the codes of arrondissements


def city_of(insee: str) -> str | None:
    """Return the code of the city of an arrondissement.

    >>> city_of("75112"), city_of("69383"), city_of("75056")
    ('75056', '69123', None)
    """
    return next((city for start, city in CITY_OF.items() if insee.startswith(start)), None)


def index_communes(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the field with the communes of an offer's places, under its name; an arrondissement is in its city too. A
    remote offer is in none, as it is within no radius.

    >>> index_communes({"places": [{"insee": "75112"}, {"insee": "81004"}, {"town": "?"}]}), index_communes({})
    ({'commune': ['75056', '75112', '81004']}, {})
    """
    if offer.get("mode") == "remote":
        return {}
    told = {place["insee"] for place in offer.get("places", ()) if place.get("insee")}
    cities = {city for insee in told if (city := city_of(insee))}
    return {FIELD: sorted(told | cities)} if told else {}


def zones_of(places: Iterable[Mapping[str, Any]], zones: Mapping[str, str]) -> list[str]:
    """Return the employment zones of the places' communes, each once, in their order; an arrondissement has its city's.

    >>> zones_of([{"insee": "81004"}, {"insee": "75112"}, {"town": "?"}], {"81004": "7625", "75056": "1109"})
    ['7625', '1109']
    """
    communes = [place["insee"] for place in places if place.get("insee")]
    found = [zones.get(insee) or zones.get(city_of(insee) or "") for insee in communes]
    return list(dict.fromkeys(zone for zone in found if zone))
