"""The names of a body: which one is shown, the others, and their searchable forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.census.bodies import Body, most_used
from indexer.census.facts import Facts, Named
from language.names import fold_name
from language.words import STOP_WORDS
from mappings.census.provider import NAME_KINDS, NameKind

SHOWN: Final[tuple[NameKind, ...]] = ("legal", "catalogue", "deliverer", "usual", "sign", "acronym")
SHORTEST_ACRONYM: Final = 3  # letters; two are the initials of too many
LONGEST_ACRONYM: Final = 8


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one body; ``others`` are those that differ from the shown one and from each other when folded."""

    shown: str | None
    others: Sequence[Named]
    folded: Sequence[str]
    acronyms: Sequence[str]


def choose_names(facts: Facts, body: Body) -> Names:
    """Return the names of a body: the legal one is shown, else the catalogue's, else a deliverer's."""
    told = sorted(_told(facts, body), key=lambda named: NAME_KINDS.index(named[0]))  # stable
    by_folded: dict[str, Named] = {}
    for kind, name in told:
        if folded := fold_name(name):
            by_folded.setdefault(folded, (kind, name))
    first = dict(reversed(list(by_folded.values())))
    shown = next((first[kind] for kind in SHOWN if kind in first), None)
    others = [named for named in by_folded.values() if named[1] != shown]
    acronyms = [fold_name(name) for kind, name in others if kind == "acronym"]
    made = [initials for name in by_folded if (initials := initials_of(name))]
    return Names(shown, others, list(by_folded), list(dict.fromkeys([*acronyms, *made])))


def _told(facts: Facts, body: Body) -> Iterator[Named]:
    """Yield every name that is told, the register's before Sirene's."""
    register, unit = facts.register, facts.unit
    if register is not None:
        if register.legal_name:
            yield "legal", register.legal_name
        yield from register.names
        yield from (("sign", site.name) for site in register.sites if site.name)
    if unit is not None:
        if unit.legal_name:
            yield "legal", unit.legal_name
        yield from unit.names
    yield from (("sign", site.name) for site in facts.sites if site.name)
    for kind, names in (("catalogue", body.names), ("deliverer", body.deliverer_names)):
        first = most_used(names)
        if first is not None:
            yield kind, first  # type: ignore[misc]
        yield from ((kind, name) for name in sorted(names) if name != first)  # type: ignore[misc]


def initials_of(folded: str) -> str | None:
    """Return the initials of a folded name's words, without articles; None if they make no acronym.

    >>> initials_of("association pour la formation professionnelle des adultes"), initials_of("lycee jean moulin")
    ('afpa', 'ljm')
    >>> initials_of("cap sidobre")
    """
    initials = "".join(word[0] for word in folded.split() if word not in STOP_WORDS)
    return initials if SHORTEST_ACRONYM <= len(initials) <= LONGEST_ACRONYM else None
