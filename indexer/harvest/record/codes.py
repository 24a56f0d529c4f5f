"""Codes that a source tells of a text: forms with a name or an address, labels of tables, and few sure words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from indexer.harvest.told import CodeKind
from indexer.normalize.texts import bare_words
from mappings.codes import FUNDER_LABELS, OBSOLETE_FUNDER, department_labels, region_by_department, region_labels

LONGEST: Final = 300  # characters of a text that is read as a code
MOST: Final = 50  # codes of one kind in one record
# « Formacode : 31054 », « ROME H2913 », « financeur=2 », « région 76 », also with the code's label behind it.
NAMED: Final = re.compile(
    r"(?P<kind>formacode|rome|rncp|financeur|funder|r[ée]gion|d[ée]partement|dept)(?: n°)?(?: v\d{1,2})?"
    r"\s?(?:[:=#/°\s]|(?<=[pP])(?=\d))\s?(?P<value>\S.*)",
    re.I | re.S,
)
# https://…/formacode/31054, http://id.insee.fr/geo/region/76
ADDRESS: Final = re.compile(
    r"(?:https?|urn):\S{0,150}[/:](?P<kind>formacode|rome|rncp|financeur|dict-financeurs|r[ée]gion|d[ée]partement)[/:#]"
    r"(?P<value>[A-Za-z0-9]{1,12})/?",
    re.I,
)
KINDS: Final[Mapping[str, CodeKind]] = {
    **{"formacode": "formacode", "rome": "rome", "rncp": "rncp", "financeur": "funder", "funder": "funder"},
    **{"dict-financeurs": "funder", "region": "region", "departement": "department", "dept": "department"},
}
FORMS: Final[Mapping[CodeKind, re.Pattern[str]]] = {
    "formacode": re.compile(r"([0-9]{5})\b"),
    "rome": re.compile(r"([A-N][0-9]{4})\b", re.I),
    "rncp": re.compile(r"(?:RNCP)?\s?0{0,6}(\d{1,6})\b", re.I),
    "funder": re.compile(r"(\d{1,2})\b"),
    "region": re.compile(r"(\d{2,3})\b"),
    "department": re.compile(r"(\d{2,3}|2[AB])\b", re.I),
}
BARE_ROME: Final = re.compile(r"([A-N]\d{4})(?:\s?[-–:]\s?.+)?")
BARE_FORMACODE: Final = re.compile(r"(\d{5})(?:\s?[-–:]?\s?(\S.*))?", re.S)
# « RNCP38565 » and « RNCP n° 38565 » in running text can mean nothing else; « RS » could.
RNCP_IN_WORDS: Final = re.compile(r"\bRNCP\s?(?:n°\s?)?0{0,6}(\d{2,6})\b")
ISO_REGION: Final = re.compile(r"FR-([A-Z]{3})")
ISO_REGIONS: Final = {
    **{"ARA": "84", "BFC": "27", "BRE": "53", "CVL": "24", "20R": "94", "COR": "94", "GES": "44", "HDF": "32"},
    **{"IDF": "11", "NOR": "28", "NAQ": "75", "OCC": "76", "PDL": "52", "PAC": "93", "GUA": "01", "MTQ": "02"},
    **{"GUF": "03", "LRE": "04", "MAY": "06"},
}
# Bodies whose name in a title says who pays; names of regions that are no everyday words.
IN_TITLES: Final[Mapping[str, str]] = {
    **{"Transitions Pro": "17", "Agefiph": "7", "AGEFIPH": "7", "LADOM": "18", "OFII": "20", "OPCO": "16"},
}
EVERYDAY: Final = ("04", "44", "94")  # « la réunion », « le grand est », « corse »: not sure in a title


@dataclass(frozen=True)
class CodeTables:
    """Labels, folded, of the loaded reference tables → code, only those that one code has; and what codes there are."""

    formacode: Mapping[str, str] = field(default_factory=dict)
    rome: Mapping[str, str] = field(default_factory=dict)
    formacode_labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, formacode: Mapping[str, str], rome: Mapping[str, str]) -> "CodeTables":
        """Make the tables of code → label."""
        terms = {code: label for code, label in formacode.items() if len(code) == 5}
        return cls(_by_label(terms), _by_label(rome), {code: bare_words(label) for code, label in terms.items()})


def _by_label(labels: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for code, label in labels.items():
        found.setdefault(bare_words(label), []).append(code)
    return {label: codes[0] for label, codes in found.items() if len(codes) == 1 and label}


class Codes:
    """Collects the codes of one record, by kind, in the order of the record."""

    def __init__(self, tables: CodeTables) -> None:
        self._tables = tables
        self._found: dict[CodeKind, dict[str, None]] = {}

    def add(self, kind: CodeKind, text: str) -> bool:
        """Add a code told as one of a kind, or the label of a territory or a funder; return whether it is known."""
        form = FORMS[kind].match(text.strip())
        code = _known(kind, form[1].upper()) if form else None
        if code is None and kind in ("region", "department", "funder"):
            code = _labels(kind).get(bare_words(text))
        if code is None:
            return False
        codes = self._found.setdefault(kind, {})
        if len(codes) < MOST:
            codes[code] = None
        return True

    def read(self, text: str) -> bool:
        """Add the code of a text with a name or an address; return whether it has one."""
        bare = text.strip()
        found = None if len(bare) > LONGEST else ADDRESS.fullmatch(bare) or NAMED.fullmatch(bare)
        if not found:
            return False
        kind = KINDS[found["kind"].lower().replace("é", "e")]
        return self.add(kind, found["value"])

    def read_subject(self, text: str) -> None:
        """Add the codes of a subject: with a name, as a whole code, or as the whole label of a table."""
        bare, words = text.strip(), bare_words(text)
        if self.read(bare):
            return
        if rome := BARE_ROME.fullmatch(bare):
            self.add("rome", rome[1])
        elif (term := BARE_FORMACODE.fullmatch(bare)) and term[1] in self._tables.formacode_labels:
            if not term[2] or bare_words(term[2]) == self._tables.formacode_labels[term[1]]:
                self.add("formacode", term[1])
        elif words in self._tables.formacode:
            self.add("formacode", self._tables.formacode[words])
        elif words in self._tables.rome:
            self.add("rome", self._tables.rome[words])
        elif words in _labels("funder") and words in FUNDERS_AS_SUBJECTS:
            self.add("funder", bare)
        elif words in _labels("region"):
            self.add("region", bare)
        self.read_words(bare)

    def read_coverage(self, text: str) -> None:
        """Add the territory of a coverage: with a name, by ISO 3166-2, or by the name of a région or département."""
        bare = text.strip()
        iso = ISO_REGION.fullmatch(bare)
        if iso and iso[1] in ISO_REGIONS:
            self.add("region", ISO_REGIONS[iso[1]])
        elif not self.read(bare):
            name = re.sub(r"\s?\((?:\d{2,3}|2[AB])\)$", "", bare)
            self.add("region", name if not name[:1].isdigit() else "")
            self.add("department", name if not name[:1].isdigit() else "")

    def read_words(self, text: str) -> None:
        """Add the certifications that running text names."""
        for number in RNCP_IN_WORDS.findall(text):
            self.add("rncp", number)

    def read_title(self, title: str) -> None:
        """Add what a title says for sure: a certification, a région by its name, a body that pays."""
        self.read_words(title)
        for found in _title_words().finditer(title.replace("’", "'")):
            kind, code = _title_codes()[found[0]]
            self.add(kind, code)

    def to_fields(self) -> dict[str, list[str]]:
        """Return the fields of a document: a département brings its région, a Formacode its domain."""
        found: dict[str, list[str]] = {str(kind): list(codes) for kind, codes in self._found.items()}
        regions = [region_by_department()[code] for code in found.get("department", [])]
        found["region"] = list(dict.fromkeys([*found.get("region", []), *regions]))
        found["domain"] = list(dict.fromkeys(code[:3] for code in found.get("formacode", [])))
        return found


# Labels of funders that as a subject speak of paying, not of the territory or the person.
FUNDERS_AS_SUBJECTS: Final = frozenset(
    map(bare_words, (FUNDER_LABELS[code] for code in ("3", "4", "7", "16", "17", "18", "20")))
)


def _known(kind: CodeKind, code: str) -> str | None:
    """Return a code in the form of offers, None if the closed tables do not have it."""
    if kind == "rncp":
        return str(int(code))
    if kind == "funder":
        return code if code in FUNDER_LABELS and code != OBSOLETE_FUNDER else None
    if kind == "region":
        return code if code in region_labels() else None
    if kind == "department":
        return code if code in department_labels() else None
    return code


@cache
def _labels(kind: CodeKind) -> Mapping[str, str]:
    tables: dict[CodeKind, Mapping[str, str]] = {
        "funder": FUNDER_LABELS, "region": region_labels(), "department": department_labels(),
    }  # fmt: skip
    return {bare_words(label): code for code, label in tables[kind].items()}


@cache
def _title_codes() -> Mapping[str, tuple[CodeKind, str]]:
    """Return what names in a title mean: bodies that pay, régions."""
    funders: dict[str, tuple[CodeKind, str]] = {name: ("funder", code) for name, code in IN_TITLES.items()}
    regions = {name: code for code, name in region_labels().items() if code not in EVERYDAY}
    return {**funders, **{name: ("region", code) for name, code in regions.items()}}


@cache
def _title_words() -> re.Pattern[str]:
    names = sorted(_title_codes(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


def read_all(codes: Codes, subjects: Iterable[str], coverages: Iterable[str]) -> None:
    """Add the codes of the subjects and coverages of a record."""
    for text in subjects:
        if len(text) <= LONGEST:
            codes.read_subject(text)
        else:
            codes.read_words(text)
    for text in coverages:
        if len(text) <= LONGEST:
            codes.read_coverage(text)
