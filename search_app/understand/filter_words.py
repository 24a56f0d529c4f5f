"""Words that are filters: « à distance », « en mars », « niveau bac », « sans diplôme », « gratuit », a code.

Each rule looks at the folded text and says which stretch of it is a filter. Places have a room of their own
(``place_words``). Whatever all words of the query stand in one title for is a title, and none of its words a filter.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

Kind = Literal["code", "mode", "month", "funder", "free", "entry_level", "level", "place"]


@dataclass(frozen=True, slots=True)
class FilterWords:
    """A stretch of the typed text that is a filter: the parameters of a search that it stands for."""

    kind: Kind
    typed: str
    parameters: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of folded text, from ``start`` to ``end``, and what it stands for."""

    kind: Kind
    start: int
    end: int
    parameters: tuple[tuple[str, Any], ...]


Rule = Callable[[str, date], Iterator[Found]]
MONTHS: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_MONTH: Final = rf"(?P<month>{'|'.join(MONTHS)})(?:\s+(?P<year>20\d\d))?\b"
_IN_MONTH: Final = re.compile(
    rf"\b(?:(?:en|au mois de|au mois d'|courant|debut|mi|fin)[\s-]+{_MONTH}"
    rf"|(?P<dated>{'|'.join(MONTHS)})\s+(?P<when>20\d\d)\b)"
)
_FROM_MONTH: Final = re.compile(rf"\b(?:a partir (?:de|du mois de|du mois d'|d')|des|apres)\s*{_MONTH}")
_UNTIL_MONTH: Final = re.compile(rf"\b(?:avant|jusqu'en|d'ici)\s+(?:le mois de\s+|fin\s+)?{_MONTH}")
_REMOTE: Final = re.compile(
    r"\b(?:a distance|en distanciel|distanciel|en ligne|par correspondance|en visio(?:conference)?|e-?learning|foad)\b"
)
_ONSITE: Final = re.compile(r"\b(?:en )?presentiel\b")
_FREE: Final = re.compile(
    r"\bgratuite?s?\b|\bgratuitement\b|\b(?:financee?s?|prise?s? en charge) a 100 ?%|\b100 ?% financee?s?\b"
)
_NO_DIPLOMA: Final = re.compile(
    r"\bsans (?:aucun |le |mon )?(?:diplomes?|bac|brevet|qualification)\b|\baucun diplome\b"
)
_LEVELS: Final = {
    "cap": "13", "bep": "13", "bac": "14", "bts": "15", "dut": "15", "licence": "16", "bachelor": "16", "master": "17",
    "ingenieur": "17", "doctorat": "18", "v": "13", "iv": "14", "iii": "15", "ii": "16", "i": "17",
    **{str(number): f"1{number}" for number in range(3, 9)},
}  # fmt: skip
_LEVEL: Final = re.compile(
    r"\bniveau (?P<name>cap|bep|bac|bts|dut|licence|bachelor|master|ingenieur|doctorat|iv|iii|ii|i|v|[3-8])\b(?!\s*\+)"
)
_YEARS: Final = re.compile(r"\b(?:de )?(?:niveau )?bac ?\+ ?(?P<years>[2-58])\b")
_LEVEL_BY_YEARS: Final = {"2": "15", "3": "16", "4": "16", "5": "17", "8": "18"}
_DIPLOMA_ALONE: Final = re.compile(r"\s*(?:un |le |passer (?:un|le|son|mon) )?(?P<name>cap|bep|bac)\s*")
# Who pays, as people call them; "région" by itself is no payer before the name of one.
_FUNDERS: Final = {
    "region": "2", "conseil regional": "2", "fse": "3", "france travail": "4", "pole emploi": "4", "agefiph": "7",
    "departement": "8", "conseil departemental": "8", "opco": "16", "transitions pro": "17", "ladom": "18",
    "ofii": "20",
}  # fmt: skip
_FUNDER: Final = re.compile(
    r"\b(?:(?:financee?s?|payee?s?|prise?s? en charge|finance) par (?:la |le |l'|les |mon )?"
    r"(?P<payer>conseil regional|region|fse|france travail|pole emploi|agefiph|conseil departemental|departement|opco|"
    r"transitions pro|ladom|ofii)|(?P<alone>france travail|pole emploi|agefiph|opco))\b"
)
# With the name of the register before the code, where it is named: « code ROME A1203 », « RNCP n° 38565 »
_RNCP: Final = re.compile(r"\brncp[ :-]*(?:n[°o]? ?)?(\d{2,6})\b")
_ROME: Final = re.compile(r"\b(?:(?:code |fiche |metier )?rome[ :-]+)?([a-n]\d{4})\b")
_SIRET: Final = re.compile(r"\b(?:sire[nt][ :]+(?:n[°o]? ?)?)?(\d{3} ?\d{3} ?\d{3})(?: ?\d{5})?\b")


def find_filters(folded: str, today: date) -> list[Found]:
    """Return all that is a filter in a folded text, in the order of the rules, none of them overlapping."""
    found: list[Found] = []
    for rule in RULES:
        for each in rule(folded, today):
            if all(each.end <= other.start or each.start >= other.end for other in found):
                found.append(each)
    return found


def _codes(folded: str, today: date) -> Iterator[Found]:
    for match in _RNCP.finditer(folded):
        yield Found("code", *match.span(), (("rncp", (match[1],)),))
    for match in _ROME.finditer(folded):
        yield Found("code", *match.span(), (("rome", (match[1].upper(),)),))
    for match in _SIRET.finditer(folded):
        yield Found("code", *match.span(), (("provider", (match[1].replace(" ", ""),)),))


def _modes(folded: str, today: date) -> Iterator[Found]:
    for pattern, mode in ((_REMOTE, "remote"), (_ONSITE, "onsite")):
        for match in pattern.finditer(folded):
            yield Found("mode", *match.span(), (("mode", (mode,)),))


def _months(folded: str, today: date) -> Iterator[Found]:
    """Yield one window: « à partir de mars », « avant juin », both together, or from the first month to the last."""
    begins, ends = _FROM_MONTH.search(folded), _UNTIL_MONTH.search(folded)
    start = _first_day(begins["month"], begins["year"], today) if begins else today
    if begins:
        yield Found("month", *begins.span(), (("start_from", start),))
    if ends:
        last = _last_day(_first_day(ends["month"], ends["year"], start))
        if last >= start:
            own_start = () if begins else (("start_from", start),)
            yield Found("month", *ends.span(), (*own_start, ("start_to", last)))
        elif not begins:  # « avant mars 2020 »: what is over
            yield Found("month", *ends.span(), (("start_to", last),))
    if begins or ends:
        return
    months = list(_IN_MONTH.finditer(folded))
    firsts = [_first_day(each["month"] or each["dated"], each["year"] or each["when"], today) for each in months]
    for each in months:
        yield Found("month", *each.span(), (("start_from", min(firsts)), ("start_to", _last_day(max(firsts)))))


def _first_day(month: str, year: str | None, today: date) -> date:
    """Return the first day of a month: of this year, or of the next one if this year's is over.

    >>> _first_day("mars", None, date(2026, 11, 23)), _first_day("novembre", None, date(2026, 11, 23))
    (datetime.date(2027, 3, 1), datetime.date(2026, 11, 1))
    """
    number = MONTHS.index(month) + 1
    return date(int(year) if year else today.year + (number < today.month), number, 1)


def _last_day(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _funders(folded: str, today: date) -> Iterator[Found]:
    for match in _FUNDER.finditer(folded):
        yield Found("funder", *match.span(), (("funder", (_FUNDERS[match["payer"] or match["alone"]],)),))


def _free(folded: str, today: date) -> Iterator[Found]:
    for match in _FREE.finditer(folded):
        yield Found("free", *match.span(), (("free", True),))


def _entry_levels(folded: str, today: date) -> Iterator[Found]:
    for match in _NO_DIPLOMA.finditer(folded):
        yield Found("entry_level", *match.span(), (("entry_level", 0),))


def _levels(folded: str, today: date) -> Iterator[Found]:
    for match in _YEARS.finditer(folded):
        yield Found("level", *match.span(), (("level", (_LEVEL_BY_YEARS[match["years"]],)),))
    for match in _LEVEL.finditer(folded):
        yield Found("level", *match.span(), (("level", (_LEVELS[match["name"]],)),))


def diploma_alone(folded: str) -> tuple[tuple[str, Any], ...] | None:
    """Return the level of a text that names a diploma and nothing else, which is no title: « un CAP »."""
    match = _DIPLOMA_ALONE.fullmatch(folded)
    return (("level", (_LEVELS[match["name"]],)),) if match else None


RULES: Final[tuple[Rule, ...]] = (_codes, _modes, _months, _funders, _free, _entry_levels, _levels)
