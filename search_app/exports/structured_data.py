"""schema.org description of an offer (Course with CourseInstances), for search engines."""

import json
from typing import Any, Final

from mappings.codes import ENTRY_LABELS, LEVEL_LABELS
from mappings.offer import Offer, Organisation, Place, Session
from search_app.search.reference_data import Snapshot

Thing = dict[str, Any]
COURSE_MODES: Final = {"onsite": "Onsite", "blended": "Blended", "remote": "Online"}
PERMANENT_FREQUENCY: Final = ENTRY_LABELS["permanent"]


def build_course(offer: Offer, snapshot: Snapshot, url: str) -> Thing:
    """Return the Course of an offer; unknown values are left out."""
    jobs, domains = snapshot.labels["rome"], snapshot.labels["domain"]
    return known({
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": url,
        "url": url,
        "name": offer.title,
        "description": offer.goal or offer.content or offer.title,
        "identifier": offer.id,
        "courseCode": [f"RNCP{code}" for code in offer.rncp] + [f"RS{code}" for code in offer.rs],
        "provider": _organisation(offer.provider),
        "teaches": [domains.get(code, code) for code in offer.formacode],
        "educationalLevel": LEVEL_LABELS.get(offer.level or ""),
        "educationalCredentialAwarded": [_credential(row.label, row.rncp) for row in offer.certifications if row.label],
        "occupationalCategory": [jobs.get(code, code) for code in offer.rome],
        "coursePrerequisites": offer.detail.conditions,
        "offers": _price(offer),
        "hasCourseInstance": [_instance(offer, session) for session in offer.sessions],
    })  # fmt: skip


def to_script(thing: Thing) -> str:
    """Return JSON that cannot end the script element or open a comment: ``<``, ``>`` and ``&`` are escaped.

    >>> to_script({"name": "</script>"})
    '{"name":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _instance(offer: Offer, session: Session) -> Thing:
    """Return one session; dates are no more precise than known (``2027-03`` is a whole month)."""
    return known({
        "@type": "CourseInstance",
        "identifier": session.id,
        "courseMode": COURSE_MODES.get(offer.mode or ""),
        "courseWorkload": _workload(offer),
        "startDate": _day(session.start.isoformat() if session.start else None, session.start_precision),
        "endDate": _day(session.end.isoformat() if session.end else None, session.end_precision),
        "location": [_place(place) for place in offer.places if place.town] if offer.mode != "remote" else [],
        "remainingAttendeeCapacity": session.left.get("any"),
    })  # fmt: skip


def _day(day: str | None, precision: str) -> str | None:
    length = {"day": 10, "month": 7, "year": 4}.get(precision)
    return day[:length] if day and length else None


def _workload(offer: Offer) -> str | None:
    return f"PT{offer.hours:.15g}H" if offer.hours else None


def _price(offer: Offer) -> Thing | None:
    if offer.price is None:
        return None
    return {"@type": "Offer", "category": "Paid" if offer.price else "Free", "price": offer.price,
            "priceCurrency": "EUR"}  # fmt: skip


def _organisation(organisation: Organisation) -> Thing | None:
    """Return a legal body, None if neither name nor number is known."""
    told = known({"name": organisation.name, "identifier": organisation.siret, "taxID": organisation.siren})
    return {"@type": "Organization", **told} if told else None


def _credential(name: str | None, rncp: str | None) -> Thing:
    return known({"@type": "EducationalOccupationalCredential", "name": name,
                   "identifier": f"RNCP{rncp}" if rncp else None})  # fmt: skip


def _place(place: Place) -> Thing:
    postal = known({"@type": "PostalAddress", "streetAddress": ", ".join(place.lines), "postalCode": place.postal_code,
                     "addressLocality": place.town, "addressCountry": "FR"})  # fmt: skip
    geo = None
    if place.lat is not None and place.lon is not None:
        geo = {"@type": "GeoCoordinates", "latitude": place.lat, "longitude": place.lon}
    return known({"@type": "Place", "name": place.name or place.town, "address": postal, "geo": geo})


def known(thing: Thing) -> Thing:
    """Return an object without unknown or empty values; zero is a value."""
    return {name: value for name, value in thing.items() if value not in (None, "", [])}
