"""schema.org description of a legal body of the census."""

from typing import Any, Final

from search_app.census.answer import BodyView, SiteView
from search_app.exports.structured_data import known

Thing = dict[str, Any]
MOST_PLACES: Final = 20


def build_body(view: BodyView, url: str) -> Thing:
    """Return a body as an EducationalOrganization, a natural person as a Person; unknown values are left out."""
    names = list(dict.fromkeys(each.name for each in view.also if each.kind != "deliverer"))
    head = next((site for site in view.sites if site.head), view.sites[0] if view.sites else None)
    return known({
        "@context": "https://schema.org",
        "@type": "Person" if view.natural_person else "EducationalOrganization",
        "@id": url,
        "url": url,
        "name": view.name,
        "legalName": None if view.natural_person else view.name,
        "alternateName": names,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": kind, "value": value}
            for kind, values in (("SIREN", [view.siren]), ("NDA", view.ndas))
            for value in values
        ],
        "taxID": view.siren,
        "address": _address(head) if head and head.town else None,
        "location": _places(view) if not view.natural_person else None,
    })  # fmt: skip


def _places(view: BodyView) -> list[Thing]:
    return [_place(site) for site in view.sites if site.town and not site.closed][:MOST_PLACES]


def _address(site: SiteView) -> Thing:
    return known({"@type": "PostalAddress", "streetAddress": site.address, "postalCode": site.postal_code,
                  "addressLocality": site.town, "addressCountry": "FR"})  # fmt: skip


def _place(site: SiteView) -> Thing:
    geo = None
    if site.lat is not None and site.lon is not None:
        geo = {"@type": "GeoCoordinates", "latitude": site.lat, "longitude": site.lon}
    return known({"@type": "Place", "name": site.name or site.town, "address": _address(site), "geo": geo})
