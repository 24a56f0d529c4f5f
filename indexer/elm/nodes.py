"""One stored offer as a learning opportunity: its specification, its qualifications, its sessions to come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from indexer.elm.bodies import Bodies
from indexer.elm.fields import fields_of
from indexer.elm.texts import line
from indexer.elm.vocabulary import (
    EURO,
    FRANCE,
    FRENCH,
    Node,
    european_level,
    field_of_education,
    language_of,
    mode_of,
    national_level,
    reference,
)
from mappings.codes import LEVEL_LABELS
from mappings.offer import Certification, Offer, Place, Session

MOST_HOURS: Final = 100_000  # as the search's hours_max; what is beyond is no duration
NO_PROVIDER, NO_OUTCOME = "provider without a name", "no goal and no outcome"


@dataclass(frozen=True, slots=True)
class Frame:
    """What all offers of an export share; ``labels`` are those of specialities and domains, by code."""

    site: str
    today: date
    bodies: Bodies
    labels: Mapping[str, str]


def to_nodes(offer: Offer, frame: Frame) -> list[Node] | str:
    """Return the nodes of an offer, its provider's first if it is new; or the reason why the model cannot hold it."""
    outcome = offer.goal or offer.outcome
    if not outcome:
        return NO_OUTCOME
    body = frame.bodies.of(offer)
    if body is None:
        return NO_PROVIDER
    provider, node = body
    return [*([node] if node else []), _opportunity(offer, frame, provider, line(outcome))]


def _opportunity(offer: Offer, frame: Frame, provider: str, outcome: str) -> Node:
    page = f"{frame.site}/offres/{offer.key}"
    node: Node = {
        "id": f"{page}#offre",
        "type": "LearningOpportunity",
        **_common(offer, page, provider),
        "identifier": {"type": "Identifier", "notation": offer.id, "schemeName": "LHEO action"},
        "learningAchievementSpecification": _specification(offer, frame, page, outcome),
    }
    if mode := mode_of(offer.mode or ""):
        node["mode"] = reference(mode)
    if offer.content:
        node["description"] = line(offer.content)
    if offer.mode != "remote" and offer.places:
        node["location"] = [_location(place) for place in offer.places]
    if offer.price is not None:
        amount = {"type": "Amount", "unit": reference(EURO), "value": str(Decimal(str(offer.price)))}
        node["priceDetail"] = {"type": "PriceDetail", "amount": amount}
    parts = [_part(session, offer, page, provider) for session in offer.sessions if session.open_until >= frame.today]
    return node | {"hasPart": parts} if parts else node


def _common(offer: Offer, page: str, provider: str) -> Node:
    """Return what the model demands of an opportunity and of each of its parts."""
    return {
        "title": line(offer.title),
        "homepage": {"type": "WebResource", "contentUrl": page},
        "providedBy": reference(provider),
        "defaultLanguage": reference(FRENCH),
    }


def _part(session: Session, offer: Offer, page: str, provider: str) -> Node:
    """Return a session as a part; a day that is not known exactly is a name of its period, not a day."""
    period: Node = {"type": "PeriodOfTime"}
    named = []
    for name, day, precision in (
        ("startDate", session.start, session.start_precision), ("endDate", session.end, session.end_precision),
    ):  # fmt: skip
        if day is not None and precision == "day":
            period[name] = f"{day.isoformat()}T00:00:00"
        elif day is not None:
            named.append(day.isoformat()[: {"month": 7, "year": 4}.get(precision, 10)])
    if named:
        period["prefLabel"] = " – ".join(named)
    part: Node = {
        "id": f"{page}#session-{session.key}",
        "type": "LearningOpportunity",
        **_common(offer, page, provider),
        "identifier": {"type": "Identifier", "notation": session.id, "schemeName": "LHEO session"},
        "learningAchievementSpecification": reference(f"{page}#specification"),
    }
    return part | {"temporal": period} if len(period) > 1 else part


def _specification(offer: Offer, frame: Frame, page: str, outcome: str) -> Node:
    languages = [found for code in offer.detail.languages if (found := language_of(code))] or [FRENCH]
    node: Node = {
        "id": f"{page}#specification",
        "type": "LearningAchievementSpecification",
        "title": line(offer.title),
        "ISCEDFCode": [reference(field_of_education(code)) for code in fields_of(offer.nsf)],
        "language": [reference(each) for each in dict.fromkeys(languages)],
        "learningOutcome": {"id": f"{page}#acquis", "type": "LearningOutcome", "title": outcome},
    }
    if offer.outcome:
        node["learningOutcomeSummary"] = _note(offer.outcome)
    if offer.hours is not None and 0.5 < offer.hours <= MOST_HOURS:
        node["volumeOfLearning"] = f"PT{round(offer.hours)}H"
    if offer.detail.conditions:
        node["entryRequirement"] = _note(offer.detail.conditions)
    if subjects := list(_subjects(offer, frame.labels)):
        node["educationSubject"] = subjects
    if qualifications := list(_qualifications(offer, frame, page)):
        node["specialisationOf"] = qualifications
    return node


def _subjects(offer: Offer, labels: Mapping[str, str]) -> Iterator[Node]:
    """Yield the specialities and domains as concepts of their own classifications."""
    for code in (*offer.nsf, *offer.formacode):
        label = {"prefLabel": line(labels[code])} if labels.get(code) else {}
        yield {"type": "Concept", "notation": code} | label


def _qualifications(offer: Offer, frame: Frame, page: str) -> Iterator[Node]:
    """Yield the certifications of the RNCP that the offer leads to; the level is the one that the offer tells."""
    if offer.level not in LEVEL_LABELS or offer.certifying is False:
        return
    seen: set[str] = set()
    for row in offer.certifications:
        if row.rncp and row.rncp.isascii() and row.rncp.isdigit() and row.rncp not in seen:
            seen.add(row.rncp)
            yield _qualification(row, row.rncp, offer, frame.site, page)


def _qualification(row: Certification, code: str, offer: Offer, site: str, page: str) -> Node:
    level = str(offer.level)
    return {
        "id": f"{page}#certification-{code}",
        "type": "Qualification",
        "title": line(row.label) if row.label else f"RNCP{code}",
        "identifier": {"type": "Identifier", "notation": f"RNCP{code}", "schemeName": "RNCP"},
        "ISCEDFCode": [reference(field_of_education(each)) for each in fields_of(offer.nsf)],
        "learningOutcome": reference(f"{page}#acquis"),
        "EQFLevel": reference(european_level(level)),
        "NQFLevel": reference(national_level(site, level)),
    }


def _location(place: Place) -> Node:
    told = [*place.lines, f"{place.postal_code or ''} {place.town or ''}".strip()]
    address: Node = {"type": "Address", "countryCode": reference(FRANCE)}
    if full := line(", ".join(part for part in told if part)):
        address["fullAddress"] = _note(full)
    node: Node = {"type": "Location", "address": address}
    if place.town:
        node["geographicName"] = line(place.town)
    if place.lat is not None and place.lon is not None:
        node["geometry"] = {"type": "Geometry", "latitude": str(place.lat), "longitude": str(place.lon)}
    return node


def _note(text: str) -> Node:
    return {"type": "Note", "noteLiteral": line(text)}
