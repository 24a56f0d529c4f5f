"""The queries and their judgements, as ``queries/*.toml`` has them; the name of a file is the kind of its queries."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from fixtures.catalogue import load_providers, load_trainings
from language.words import fold

QUERIES: Final = Path(__file__).with_name("queries")
Part = Literal["tuning", "checking"]


@dataclass(frozen=True)
class Judged:
    """A query as people type it, and what a careful adviser would answer.

    ``good`` are the trainings (keys of ``fixtures/catalogue``) that answer it, None if all that pass the filters do;
    ``first`` are those that may stand first, ``never`` those that may not be among the first ten. Filters and
    corrections that are not told here must not be made: a ``tolerated`` correction may be.
    """

    q: str
    kind: str
    good: frozenset[str] | None = None
    first: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    provider: str | None = None  # the usual name of the one whose offers are meant
    offer: str | None = None  # the number of the one offer that is meant
    filters: dict[str, str] = field(default_factory=dict)
    any_filter: bool = False  # several readings are right
    corrected: dict[str, str] = field(default_factory=dict)
    tolerated: dict[str, str] = field(default_factory=dict)
    any_correction: bool = False

    @property
    def only_filters(self) -> bool:
        """Tell whether the query says nothing but what its filters say: all that pass them are meant."""
        return self.good is None and self.provider is None and self.offer is None

    @property
    def part(self) -> Part:
        """Return the part that the query belongs to: one half is there to tune by, the other to check."""
        return "checking" if hashlib.sha256(fold(self.q).encode()).digest()[0] % 2 else "tuning"


def read_queries(folder: Path = QUERIES) -> list[Judged]:
    """Read all judged queries; raises ValueError on a name that does not exist, naming file and query."""
    found = [each for path in sorted(folder.glob("*.toml")) for each in _read(path)]
    seen: set[str] = set()
    for each in found:
        if each.q in seen:
            raise ValueError(f"{each.kind}: « {each.q} » is judged twice")
        seen.add(each.q)
    return found


def _read(path: Path) -> Iterable[Judged]:
    trainings = {training.key for training in load_trainings()}
    providers = {provider.names[0] for provider in load_providers()}
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["queries"]:
        sets = {name: frozenset(row[name]) for name in ("good", "first", "never") if name in row}
        try:
            judged = Judged(**{**row, **sets}, kind=path.stem)
        except TypeError as error:
            raise ValueError(f"{path.name}: {row}: {error}") from error
        unknown = frozenset[str]().union(*sets.values()) - trainings
        unknown |= {judged.provider} - providers if judged.provider else set()
        if unknown:
            raise ValueError(f"{path.name}: « {judged.q} »: no training or provider {', '.join(sorted(unknown))}")
        yield judged
