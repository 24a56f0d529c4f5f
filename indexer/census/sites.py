"""The establishments of a body: of the list, of Sirene, and those under whose SIRET offers are."""

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from indexer.census.bodies import Body
from indexer.census.facts import Facts, SiteFacts
from indexer.normalize.places import Locator, Stated
from mappings.codes import region_by_department

PUBLIC: Final = ("1", "2")  # first digits of SIRENs of the State and of other public bodies: no natural persons


def is_natural(siren: str, facts: Facts) -> bool | None:
    """Tell whether a body is a natural person: Sirene says so, else the list; None if neither tells."""
    for part in (facts.unit, facts.register):
        if part is not None and part.natural is not None:
            return part.natural
    return False if siren.startswith(PUBLIC) else None


def shows_streets(siren: str, facts: Facts) -> bool:
    """Tell whether streets of a body may be stored: a legal person for certain, whose diffusion is not partial."""
    partial = facts.unit is not None and facts.unit.diffusible is False
    return is_natural(siren, facts) is False and not partial


def without_streets(siren: str, facts: Facts) -> Facts:
    """Return the facts without the streets that must not be stored."""
    shown, sirene = shows_streets(siren, facts), {site.siret: site for site in facts.sites}

    def stripped(site: SiteFacts) -> SiteFacts:
        if shown and _is_shown([each for each in (site, sirene.get(site.siret)) if each is not None]):
            return site
        return replace(site, address=None)

    register = facts.register and replace(facts.register, sites=[*map(stripped, facts.register.sites)])
    return replace(facts, register=register, sites=[*map(stripped, facts.sites)])


def to_sites(siren: str, facts: Facts, body: Body, locator: Locator) -> list[dict[str, Any]]:
    """Return the sites of a body as they are stored: head office first, then those of the list, then by SIRET."""
    listed = {site.siret: site for site in facts.register.sites} if facts.register else {}
    sirene = {site.siret: site for site in facts.sites}
    streets = shows_streets(siren, facts)
    rows = []
    for siret in sorted({*listed, *body.sirets, *body.delivering}):
        told = [each for each in (listed.get(siret), sirene.get(siret)) if each is not None]
        row = _located(told, locator) | {
            "siret": siret,
            "name": _first(told, "name"),
            "address": _first(told, "address") if streets and _is_shown(told) else None,
            "closed": _first(told[::-1], "closed"),
            "head": any(site.head for site in told),
            "listed": facts.listed and siret in listed,
            "in_offers": siret in body.sirets,
            "delivers": siret in body.delivering,
        }
        rows.append({name: value for name, value in row.items() if value is not None and value is not False})
        if row["closed"] is False:
            rows[-1]["closed"] = False
    return sorted(rows, key=lambda row: (not row.get("head"), not row.get("listed"), row["siret"]))


def _first(told: list[SiteFacts], name: str) -> Any:
    return next((value for site in told if (value := getattr(site, name)) is not None), None)


def _is_shown(told: list[SiteFacts]) -> bool:
    return all(site.diffusible is not False for site in told)


def _located(told: list[SiteFacts], locator: Locator) -> dict[str, Any]:
    """Return where a site is: by the list, else by Sirene; the centre of its commune if no coordinates are told."""
    site = next((each for each in told if each.insee or each.postal_code or each.town), None)
    if site is None:
        return {}
    found = locator.locate(Stated(site.insee, site.postal_code, site.town, site.region, None, site.lat, site.lon))
    return {
        "postal_code": found.postal_code or site.postal_code,
        "town": site.town,
        "insee": found.insee,
        "department": found.department,
        "region": found.region,
        "lat": found.lat,
        "lon": found.lon,
    }


def area_of(sites: list[dict[str, Any]]) -> dict[str, Any]:
    """Return points, régions and départements of the sites that are not closed; of all if all are closed."""
    counted = [site for site in sites if not site.get("closed")] or sites
    return {
        "location": list(_points(counted)),
        "region": sorted({site["region"] for site in counted if "region" in site}),
        "department": sorted({site["department"] for site in counted if "department" in site}),
    }


def area_of_offers(body: Body) -> dict[str, Any]:
    """Return régions and départements of the places of a body's offers."""
    regions = region_by_department()
    found = {regions[department] for department in body.departments if department in regions}
    return {"region": sorted(found), "department": sorted(body.departments)}


def _points(sites: list[dict[str, Any]]) -> Iterator[dict[str, float]]:
    seen = {(site["lat"], site["lon"]): None for site in sites if "lat" in site and "lon" in site}
    yield from ({"lat": lat, "lon": lon} for lat, lon in seen)
