"""schema.org descriptions of the portal's pages: trails, lists, jobs, certifications, trainings."""

from collections.abc import Iterable, Sequence
from typing import Any

from search_app.exports.structured_data import COURSE_MODES, known
from search_app.search.results import OfferCard

Thing = dict[str, Any]
Named = tuple[str, str]  # a name and an absolute address


def build_graph(things: Iterable[Thing | None]) -> Thing:
    """Return several things in one document."""
    return {"@context": "https://schema.org", "@graph": [thing for thing in things if thing]}


def build_breadcrumb(trail: Sequence[Named]) -> Thing:
    """Return the way from the home page to a page."""
    return {"@type": "BreadcrumbList", "itemListElement": _elements(trail, "item")}


def build_item_list(name: str, items: Sequence[Named], total: int) -> Thing | None:
    """Return the list that a page displays, None if it is empty; ``total`` is the length of the whole list."""
    if not items:
        return None
    return {"@type": "ItemList", "name": name, "numberOfItems": total, "itemListElement": _elements(items, "url")}


def build_occupation(code: str, name: str, url: str, definition: str, access: str) -> Thing:
    """Return a job with its ROME code."""
    return known({
        "@type": "Occupation",
        "@id": url,
        "url": url,
        "name": name,
        "description": definition,
        "qualifications": access,
        "occupationalCategory": {
            "@type": "CategoryCode", "codeValue": code, "name": name,
            "inCodeSet": {"@type": "CategoryCodeSet", "name": "ROME"},
        },
    })  # fmt: skip


def build_training(title: str, url: str, certifications: Sequence[str], offers: Sequence[OfferCard]) -> Thing:
    """Return a training as a Course, with a CourseInstance for the next session of each offer."""
    names = list(dict.fromkeys(card.provider.name for card in offers if card.provider.name))
    return known({
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": title,
        "description": ", ".join((title, *certifications)),
        "provider": [{"@type": "Organization", "name": name} for name in names],
        "educationalCredentialAwarded": [build_credential(text) for text in certifications],
        "hasCourseInstance": [instance for card in offers if (instance := _instance(card))],
    })  # fmt: skip


def build_credential(name: str) -> Thing:
    """Return a certification."""
    return {"@type": "EducationalOccupationalCredential", "name": name}


def _instance(card: OfferCard) -> Thing | None:
    session = next(iter(card.sessions[: card.matching_sessions]), None)
    if session is None or not session.start:
        return None
    length = {"day": 10, "month": 7, "year": 4}.get(session.precision)
    place = card.place if card.mode != "remote" else None
    return known({
        "@type": "CourseInstance",
        "identifier": session.id,
        "courseMode": COURSE_MODES.get(card.mode or ""),
        "startDate": session.start[:length] if length else None,
        "location": {"@type": "Place", "name": place.town, "address": known({
            "@type": "PostalAddress", "postalCode": place.postal_code, "addressLocality": place.town,
            "addressCountry": "FR"})} if place and place.town else None,
    })  # fmt: skip


def _elements(named: Sequence[Named], link: str) -> list[Thing]:
    return [
        {"@type": "ListItem", "position": position, "name": name, link: url}
        for position, (name, url) in enumerate(named, start=1)
    ]
