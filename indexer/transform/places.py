"""Places of an action."""

from typing import Any

from indexer.normalize.places import Located, Locator, Stated, is_french, told_department
from indexer.normalize.town_codes import read_town
from indexer.transform.faults import Faults
from indexer.transform.organisations import read_email, read_person, read_phones, read_siret
from indexer.transform.read import compact, distinct, line, lines, urls
from indexer.transform.tree import EMPTY, Node
from mappings.codes import region_by_former_region

FIELDS = {  # kind of fault -> its element, if that is not the code of the commune
    "no-postal-code": "codepostal",
    "bad-postal-code": "codepostal",
    "postal-code-elsewhere": "codepostal",
    "place-not-found": "adresse",
    "postal-code-as-insee": "code-INSEE-commune",
    "unknown-insee": "code-INSEE-commune",
    "region-contradiction": "region",
}


def read_places(action: Node, locator: Locator, faults: Faults) -> list[dict[str, Any]]:
    """Return the places of an action, each once."""
    return distinct(read_place(node, locator, faults) for node in action.all("lieu-de-formation"))


def read_place(node: Node, locator: Locator, faults: Faults) -> dict[str, Any]:
    """Return one place, empty if nothing locates it: then its elements count as not read."""
    coordinates = node.inside("coordonnees")
    address = coordinates.first("adresse") or EMPTY
    stated = _split_town(_stated(address, faults), locator, faults)
    located = locator.locate(stated)
    for kind, value in located.findings:
        faults.add(kind, FIELDS.get(kind, "geolocalisation"), value)
    if stated.region and region_by_former_region().get(stated.region, stated.region) != located.region:
        address.taken.pop("region", None)  # a contradiction is reported as a fault, otherwise it is not used
    if located.department is None or told_department(stated.department) != located.department:
        address.taken.pop("departement", None)
    where = {
        "lines": [
            *lines(address, "denomination", faults),
            *lines(coordinates, "ligne", faults),
            *lines(address, "ligne", faults),
        ],
        **_located(located),
        "town": stated.town,
        "country": stated.country,
    }
    if not any(value for name, value in where.items() if name != "country"):
        address.taken.clear()
        return {}
    name = line(coordinates, "nom", faults)
    person = read_person(coordinates, faults)
    return compact(
        {
            "name": name,
            **where,
            "phones": read_phones(coordinates, faults),
            "email": read_email(coordinates, faults),
            "urls": urls(coordinates, "web", faults),
            "person": person if person != name else None,
            "siret": read_siret(node, "SIRET-lieu-formation", faults)[1],
            "uai": line(node.inside("code-UAI-lieu-formation"), "code-UAI", faults),
        }
    )


def _stated(address: Node, faults: Faults) -> Stated:
    point = address.first("geolocalisation")
    prefix = ""
    if point is None and "extras:geolocalisation" in address.boxes:  # LHEO 1.3 and some 2.2 have it there
        point, prefix = address.first("extras:geolocalisation"), "extra:"
    return Stated(
        line(address, "code-INSEE-commune", faults),
        line(address, "codepostal", faults),
        line(address, "ville", faults),
        line(address, "region", faults),
        line(address, "pays", faults),
        line(point, f"{prefix}latitude", faults) if point else None,
        line(point, f"{prefix}longitude", faults) if point else None,
        line(address, "departement", faults),
    )


def _split_town(stated: Stated, locator: Locator, faults: Faults) -> Stated:
    """Split a postal code off the town's name; it is the place's code if no other is stated."""
    if not is_french(stated.country):
        return stated
    town, postal_code, found = read_town(stated.town, stated.postal_code, locator.knows_code)
    if found:
        faults.add("postal-code-in-town", "ville", stated.town)
    return stated._replace(town=town, postal_code=postal_code)


def _located(located: Located) -> dict[str, Any]:
    return {
        "postal_code": located.postal_code,
        "insee": located.insee,
        "department": located.department,
        "region": located.region,
        "lat": located.lat,
        "lon": located.lon,
        "located_by": located.by,
    }
