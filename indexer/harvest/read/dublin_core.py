"""Dublin Core elements, of any form and namespace, → what a record says."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from indexer.harvest.told import Told

# Element of Dublin Core or of its terms -> field of Told.
FIELDS: Final = {
    "title": "titles",
    "alternative": "titles",
    "description": "descriptions",
    "abstract": "descriptions",
    "type": "types",
    "publisher": "publishers",
    "creator": "creators",
    "rights": "rights",
    "license": "rights",
    "language": "languages",
    "identifier": "identifiers",
    "subject": "subjects",
    "coverage": "coverages",
    "spatial": "coverages",
    "date": "dates",
    "issued": "dates",
    "created": "dates",
}
PERIOD: Final = re.compile(r"(?:^|;)\s*(start|end)\s*=\s*([^;]+)", re.I)  # DCMI Period
SPAN: Final = re.compile(r"(\d{4}-\d\d-\d\d)?\s?/\s?(\d{4}-\d\d-\d\d)?")
VALID: Final = re.compile(r"(?:valid|validit[eé]|valable)\b\s?:?\s?(.+)", re.I | re.S)
UNTIL: Final = re.compile(r"(?:until|jusqu['’]au|au)\s(.+)", re.I | re.S)
MODIFIED: Final = re.compile(r"(?:modified|modifi[eé]e?|maj|mise? à jour)\b(?: le)?\s?:?\s?(.+)", re.I | re.S)
ADDRESS: Final = re.compile(r"https?://\S+", re.I)
LONGEST_PHRASE: Final = 300  # characters of what is read as more than a text: a date, a period, a code
MOST_VALUES: Final = 200  # of one element in one record; more are not read


def read_elements(told: Told, elements: Iterable[tuple[str, str]]) -> Told:
    """Return a record with its Dublin Core: pairs of an element's local name in lower case and its text."""
    values: dict[str, list[str]] = {name: [] for name in {*FIELDS.values(), "urls"}}
    single: dict[str, str] = {}
    for name, raw in elements:
        text = " ".join(raw.split()) if len(raw) < LONGEST_PHRASE else raw.strip()
        if not text:
            continue
        if name == "modified":
            single["modified"] = text
        elif name == "valid" or (name in ("date", "available") and VALID.match(text)):
            single |= _validity(VALID.sub(r"\1", text))
        elif name == "date" and MODIFIED.match(text):
            single["modified"] = MODIFIED.sub(r"\1", text)
        elif name in ("coverage", "temporal") and _validity(text, open_end=False):
            single |= _validity(text, open_end=False)
        elif name in FIELDS and len(values[FIELDS[name]]) < MOST_VALUES:
            values[FIELDS[name]].append(text)
    values["urls"] = [text for text in values["identifiers"] if ADDRESS.fullmatch(text)]
    return replace(told, **values, **single)  # type: ignore[arg-type]


def _validity(text: str, *, open_end: bool = True) -> dict[str, str]:
    """Return the bounds of a period: DCMI's, or two days with a slash; one day is the end unless ``open_end`` is False.

    >>> _validity("start=2026-01-01; end=2026-12-31; name=x"), _validity("/2026-12-31")
    ({'valid_from': '2026-01-01', 'valid_until': '2026-12-31'}, {'valid_until': '2026-12-31'})
    >>> _validity("jusqu’au 31/12/2026"), _validity("Occitanie", open_end=False)
    ({'valid_until': '31/12/2026'}, {})
    """
    names = {"start": "valid_from", "end": "valid_until"}
    found = {names[key.lower()]: value.strip() for key, value in PERIOD.findall(text)}
    span = SPAN.fullmatch(text)
    if not found and span:
        found = {name: day for name, day in zip(names.values(), span.groups(), strict=True) if day}
    if found or not open_end:
        return found
    until = UNTIL.match(text)
    return {"valid_until": (until[1] if until else text).strip()}
