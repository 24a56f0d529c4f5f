"""Entries of the suggestions: a label, the search parameter that it stands for, and its number of offers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from language.lexicon import Lexicon
from language.titles import both_genders
from mappings.reference import Reference
from search_app.search.params.table import LONGEST_QUERY
from search_app.text.casing import cased
from search_app.text.wording import curved

Group = Literal["titles", "jobs", "domains", "certifications", "providers"]
GROUPS: Final[tuple[Group, ...]] = ("titles", "jobs", "domains", "certifications", "providers")
_REGISTERS: Final = {"rncp": "RNCP", "rs": "RS", "certifinfo": "Certif Info"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: ``parameter=value`` is the search that it stands for, ``detail`` distinguishes it from similar
    ones.
    """

    group: Group
    label: str
    detail: str
    parameter: Literal["q", "rome", "domain", "rncp", "provider"]
    value: str
    offers: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A suggestion and the names under which it is found."""

    suggestion: Suggestion
    names: tuple[str, ...]


def build_entries(lexicon: Lexicon, reference: Reference) -> Iterator[Entry]:
    """Yield an entry for everything with offers and a name; of entries for the same search, the preferred one first."""
    yield from _titles(lexicon)
    yield from _jobs(lexicon, reference)
    yield from _domains(lexicon, reference)
    yield from _certifications(lexicon)
    yield from _providers(lexicon, reference)


def to_query(title: str) -> str:
    """Return a title as search words: whole, or as many of its words as the length limit allows.

    >>> to_query("CAP Cuisine"), len(to_query("soudage " * 40))
    ('CAP Cuisine', 295)
    """
    return title if len(title) <= LONGEST_QUERY else title[: LONGEST_QUERY + 1].rpartition(" ")[0]


def _titles(lexicon: Lexicon) -> Iterator[Entry]:
    for title, offers in lexicon.titles:
        yield Entry(Suggestion("titles", title, "", "q", to_query(title), offers), (title,))


def _jobs(lexicon: Lexicon, reference: Reference) -> Iterator[Entry]:
    """Yield the label of each code, then its job titles, the simplest first."""
    for code, offers in lexicon.codes:
        label = curved(reference.rome.get(code, ""))
        if label:
            yield Entry(Suggestion("jobs", label, "", "rome", code, offers), (label, code))
        for title in sorted(reference.rome_titles.get(code, ()), key=len):
            written = curved(title.replace("''", "'"))  # the official file doubles some apostrophes
            suggestion = Suggestion("jobs", written, label, "rome", code, offers)
            yield Entry(suggestion, (*both_genders(title), title))


def _domains(lexicon: Lexicon, reference: Reference) -> Iterator[Entry]:
    for code, offers in lexicon.domains.items():
        label = curved(reference.formacode.get(code, ""))
        if label:
            yield Entry(Suggestion("domains", label, "", "domain", code, offers), (label, code))


def _certifications(lexicon: Lexicon) -> Iterator[Entry]:
    """Yield certifications; one without a parameter of its own is searched by its label."""
    for kind, code, label, offers in lexicon.certifications:
        detail = f"{_REGISTERS[kind]} {code}"
        names = (label, detail, f"{kind}{code}")
        if kind == "rncp":
            yield Entry(Suggestion("certifications", label, detail, "rncp", code, offers), names)
        else:
            yield Entry(Suggestion("certifications", label, detail, "q", to_query(label), offers), names)


def _providers(lexicon: Lexicon, reference: Reference) -> Iterator[Entry]:
    """Yield providers under their names as stated; labels are cased for reading, as pages display them."""
    for siren, offers in lexicon.providers.items():
        name = reference.providers.get(siren)
        if name:
            yield Entry(Suggestion("providers", cased(name), "", "provider", siren, offers), (name, siren))
