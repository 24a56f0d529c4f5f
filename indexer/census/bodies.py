"""The legal bodies that the offers name, from the column ``bodies`` of the offers index, complete."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from engine.paging import closing, opening
from engine.requests import Request, Steps
from indexer.census.numbers import stated_nda
from language.names import fold_name
from mappings.columns.bodies import is_body

PAGE: Final = 5_000  # buckets of one answer
KEPT: Final = "5m"
DIGEST: Final = 16  # bytes
RESPONSIBLE: Final = "responsible"
ROLES: Final = ("provider.siren", "trainer")  # columns of the SIRENs of an offer


@dataclass(slots=True)
class Body:
    """What the offers say of one SIREN: SIRETs and names in its two roles, names with their numbers of offers."""

    responsible: bool = False
    trainer: bool = False
    sirets: set[str] = field(default_factory=set)  # under which it is responsible
    delivering: set[str] = field(default_factory=set)
    names: Counter[str] = field(default_factory=Counter)  # of the responsible body
    deliverer_names: Counter[str] = field(default_factory=Counter)
    ndas: set[str] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)  # of the places of its offers, in any role

    def add(self, role: str, siret: str | None, nda: str | None, name: str | None, offers: int) -> None:
        """Add one body as an offer names it."""
        is_responsible = role == RESPONSIBLE
        self.responsible |= is_responsible
        self.trainer |= not is_responsible
        if siret:
            (self.sirets if is_responsible else self.delivering).add(siret)
        if name:
            (self.names if is_responsible else self.deliverer_names)[name] += offers
        if nda and (number := stated_nda(nda)):
            self.ndas.add(number)

    @property
    def folded_names(self) -> set[str]:
        """The different names under which the catalogue shows the responsible body."""
        return {folded for name in self.names if (folded := fold_name(name))}


@dataclass(frozen=True, slots=True)
class Bodies:
    """All bodies of the offers by SIREN; ``fingerprint`` changes with any of them, not with numbers of offers."""

    by_siren: Mapping[str, Body]
    nameless: int  # responsible bodies without SIREN, as the offers name them
    fingerprint: str
    bearers: Mapping[str, int]  # folded name -> responsible bodies that the catalogue shows under it


def gather_bodies(buckets: Iterable[tuple[str, int]], places: Iterable[tuple[str, str]] = ()) -> Bodies:
    """Return the bodies of (value of the column, number of offers), each value once, in any order.

    ``places`` are pairs of SIREN and département of its offers.

    >>> rows = [('["responsible","123456782",null,null,"X"]', 3), ('["trainer",null,null,null,""]', 1)]
    >>> bodies = gather_bodies(rows)
    >>> bodies.by_siren["123456782"].names, bodies.nameless
    (Counter({'X': 3}), 0)
    """
    found: dict[str, Body] = {}
    nameless, values = 0, []
    for value, offers in buckets:
        values.append(value)
        role, siren, siret, nda, name = orjson.loads(value)
        if is_body(siren):
            found.setdefault(siren, Body()).add(role, siret, nda, name, offers)
        elif role == RESPONSIBLE:
            nameless += 1
    for siren, department in places:
        if siren in found:
            found[siren].departments.add(department)
    shown = Counter(name for body in found.values() for name in body.folded_names)
    return Bodies(found, nameless, _fingerprint(values, found), shown)


def _fingerprint(values: list[str], found: Mapping[str, Body]) -> str:
    """Return a hash of the values, and of the départements and the name that each body is shown under most."""
    digest = hashlib.blake2b(digest_size=DIGEST)
    for value in sorted(values):
        digest.update(value.encode() + b"\n")
    for siren in sorted(found):
        digest.update(f"{siren}{most_used(found[siren].names)}{most_used(found[siren].deliverer_names)}".encode())
        digest.update(f"{' '.join(sorted(found[siren].departments))}\n".encode())
    return digest.hexdigest()


def most_used(names: Mapping[str, int]) -> str | None:
    """Return the name of most offers, the first in the alphabet of several.

    >>> most_used({"b": 2, "a": 2, "c": 1}), most_used({})
    ('a', None)
    """
    return min(names, key=lambda name: (-names[name], name), default=None)


def fetch_bodies(index: str) -> Steps[Bodies]:
    """Read the bodies of all offers of an index inside one point in time."""
    view = (yield opening(index, KEPT))["pit_id"]
    try:
        bodies = yield from _fetch(view, ("bodies",))
        places: list[tuple[str, str]] = []
        for role in ROLES:
            found = yield from _fetch(view, (role, "department"))
            places += [(siren, department) for (siren, department), _ in found]
        return gather_bodies([(value, offers) for (value,), offers in bodies], places)
    finally:
        yield closing([view])


def _fetch(view: str, fields: tuple[str, ...]) -> Steps[list[tuple[list[str], int]]]:
    """Return all combinations of values of some columns, with their numbers of offers."""
    rows: list[tuple[list[str], int]] = []
    after: dict[str, Any] = {}
    while True:
        answer = yield _page(view, fields, after)
        found = answer["aggregations"]["rows"]
        rows += [([bucket["key"][name] for name in fields], bucket["doc_count"]) for bucket in found["buckets"]]
        if "after_key" not in found:
            return rows
        after = {"after": found["after_key"]}


def _page(view: str, fields: tuple[str, ...], after: Mapping[str, Any]) -> Request:
    sources = [{name: {"terms": {"field": name}}} for name in fields]
    body = {
        "size": 0,
        "track_total_hits": False,
        "pit": {"id": view, "keep_alive": KEPT},
        "aggs": {"rows": {"composite": {"size": PAGE, "sources": sources, **after}}},
    }
    return Request("POST", "/_search", body)


def all_sirens(listed: Iterable[str], bodies: Bodies) -> Iterator[str]:
    """Yield the SIRENs of both, sorted, each once; those listed are sorted already."""
    others = iter(sorted(bodies.by_siren))
    other = next(others, None)
    for siren in listed:
        while other is not None and other < siren:
            yield other
            other = next(others, None)
        if other == siren:
            other = next(others, None)
        yield siren
    if other is not None:
        yield other
        yield from others
