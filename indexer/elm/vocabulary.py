"""Names of the European Learning Model: the JSON-LD context, and the concepts of controlled lists that are used.

Addresses of concepts were read in public data that use them; those of the French levels in the EU's list of national
frameworks are not known here, so that these concepts have a notation and a label, and no address (docs/elm.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mappings.codes import LEVEL_LABELS

Node = dict[str, Any]

EU: Final = "http://publications.europa.eu/resource/authority"
SNB: Final = "http://data.europa.eu/snb"
LIST: Final = "25831c2"  # the name of a list within its own addresses
LANGUAGES: Final[Mapping[str, str]] = {
    "fr": "FRA", "en": "ENG", "de": "DEU", "es": "SPA", "it": "ITA", "pt": "POR", "nl": "NLD", "ar": "ARA",
    "zh": "ZHO", "ru": "RUS", "ja": "JPN", "pl": "POL",
}  # fmt: skip
MODES: Final[Mapping[str, str]] = {"onsite": "9191af2ed9", "blended": "e92d221e4d", "remote": "920fbb3cbe"}
FRANCE: Final = f"{EU}/country/FRA"
EURO: Final = f"{EU}/currency/EUR"
FRENCH: Final = f"{EU}/language/FRA"
NATIONAL_FRAMEWORK: Final = "Cadre national des certifications professionnelles"
FIRST_LEVEL: Final = 10  # levels are stored as 11 to 18: the European 1 to 8, which are the French ones since 2019

_CLASSES: Final = (
    *("LearningOpportunity", "LearningAchievementSpecification", "Qualification", "LearningOutcome", "Organisation"),
    *("WebResource", "Note", "Address", "Identifier", "LegalIdentifier", "PriceDetail", "Amount"),
)
_TEXTS: Final[Mapping[str, str]] = {  # in French
    "title": "dc:title", "description": "dc:description", "legalName": "rov:legalName", "prefLabel": "skos:prefLabel",
    "noteLiteral": "elm:noteLiteral", "geographicName": "elm:geographicName",
}  # fmt: skip
_TYPED: Final[Mapping[str, tuple[str, str]]] = {
    "contentUrl": ("elm:contentUrl", "xsd:anyURI"), "volumeOfLearning": ("elm:volumeOfLearning", "xsd:duration"),
    "startDate": ("elm:startDate", "xsd:dateTime"), "endDate": ("elm:endDate", "xsd:dateTime"),
    "value": ("rdf:value", "xsd:decimal"), "schemeName": ("elm:schemeName", "xsd:string"),
    "latitude": ("clv:latitude", "xsd:string"), "longitude": ("clv:longitude", "xsd:string"),
}  # fmt: skip
_NAMED: Final[Mapping[str, str]] = {
    "homepage": "foaf:homepage", "identifier": "adms:identifier", "language": "dc:language", "temporal": "dc:temporal",
    "spatial": "dc:spatial", "registration": "rov:registration", "geometry": "locn:geometry",
    "inScheme": "skos:inScheme", "Concept": "skos:Concept", "ConceptScheme": "skos:ConceptScheme",
    "Location": "dc:Location", "PeriodOfTime": "dc:PeriodOfTime", "Geometry": "locn:Geometry",
    "notation": "skos:notation",
}  # fmt: skip
_OF_MODEL: Final = (
    *("providedBy", "learningAchievementSpecification", "defaultLanguage", "mode", "priceDetail", "amount", "unit"),
    *("location", "address", "countryCode", "fullAddress", "hasPart", "learningOutcome", "learningOutcomeSummary"),
    *("ISCEDFCode", "educationSubject", "entryRequirement", "specialisationOf", "EQFLevel", "NQFLevel"),
)
CONTEXT: Final[Node] = {
    "elm": f"{SNB}/model/elm/", "dc": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#", "adms": "http://www.w3.org/ns/adms#",
    "rov": "http://www.w3.org/ns/regorg#", "locn": "http://www.w3.org/ns/locn#", "clv": "http://data.europa.eu/m8g/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id", "type": "@type",
    **{name: f"elm:{name}" for name in (*_CLASSES, *_OF_MODEL)},
    **_NAMED,
    **{name: {"@id": address, "@language": "fr"} for name, address in _TEXTS.items()},
    **{name: {"@id": address, "@type": kind} for name, (address, kind) in _TYPED.items()},
}  # fmt: skip


def reference(address: str) -> Node:
    """Return a reference to a node that is described elsewhere."""
    return {"id": address}


def field_of_education(code: str) -> str:
    """Return the address of an ISCED-F field.

    >>> field_of_education("0715")
    'http://data.europa.eu/snb/isced-f/0715'
    """
    return f"{SNB}/isced-f/{code}"


def european_level(level: str) -> str:
    """Return the address of the European level of a stored one.

    >>> european_level("13")
    'http://data.europa.eu/snb/eqf/3'
    """
    return f"{SNB}/eqf/{int(level) - FIRST_LEVEL}"


def mode_of(mode: str) -> str | None:
    """Return the address of a mode of learning, None for an unknown one."""
    return f"{SNB}/learning-assessment/{MODES[mode]}" if mode in MODES else None


def language_of(code: str) -> str | None:
    """Return the address of a language by its ISO 639-1 code, None if it is not among the known ones."""
    name = LANGUAGES.get(code.strip().lower())
    return f"{EU}/language/{name}" if name else None


def national_level(site: str, level: str) -> str:
    """Return the name of a level of the French framework in this export: it has no address of its own."""
    return f"{site}/#cadre-national-{int(level) - FIRST_LEVEL}"


def concepts(site: str, fields: Sequence[str]) -> list[Node]:
    """Return the concepts that offers refer to, and their lists; ``fields`` are the ISCED-F codes in use."""
    lists = {
        f"{EU}/language": [f"{EU}/language/{name}" for name in LANGUAGES.values()],
        f"{EU}/country": [FRANCE],
        f"{EU}/currency": [EURO],
        f"{SNB}/learning-assessment/{LIST}": [f"{SNB}/learning-assessment/{name}" for name in MODES.values()],
        f"{SNB}/eqf/{LIST}": [european_level(level) for level in LEVEL_LABELS],
        f"{SNB}/isced-f/{LIST}": [field_of_education(code) for code in fields],
    }
    nodes: list[Node] = [{"id": name, "type": "ConceptScheme"} for name in lists]
    nodes += [
        {"id": each, "type": "Concept", "inScheme": reference(name)} for name, found in lists.items() for each in found
    ]
    framework = f"{site}/#cadre-national"
    nodes.append({"id": framework, "type": "ConceptScheme", "prefLabel": NATIONAL_FRAMEWORK})
    return nodes + [
        {
            "id": national_level(site, level),
            "type": "Concept",
            "inScheme": reference(framework),
            "notation": str(int(level) - FIRST_LEVEL),
            "prefLabel": label,
        }
        for level, label in LEVEL_LABELS.items()
    ]
