"""Measured points: what one installation of a known size took."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated, Final

from pydantic import Field, PositiveFloat, PositiveInt, TypeAdapter, ValidationError

POINTS_FILE: Final = Path(__file__).parents[2] / "docs" / "operations" / "measured-points.json"


@dataclass(frozen=True)
class KindCost:
    """One kind of search: median hits, CPU milliseconds of app and engine a request, response times in milliseconds."""

    kind: str
    hits: float
    app_ms: float
    engine_ms: PositiveFloat
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Point:
    """An installation and what was measured there; sizes in bytes, those of indices for one copy."""

    name: str
    day: str
    offers: PositiveInt
    sessions: int
    shards: PositiveInt
    nodes: PositiveInt
    index_bytes: int
    statements: int
    ledger_bytes: int
    heap_bytes: int
    app_bytes: int
    statement_ms: float  # CPU of app and engine for one statement, until it is projected; 0 if not measured
    searches: Annotated[list[KindCost], Field(min_length=1)]

    @property
    def offers_per_shard(self) -> float:
        """How many offers a shard holds on average."""
        return self.offers / self.shards

    @property
    def engine_ms(self) -> float:
        """CPU of the engine a search, all kinds equally often."""
        return fmean(each.engine_ms for each in self.searches)

    @property
    def app_ms(self) -> float:
        """CPU of the app a search, all kinds equally often."""
        return fmean(each.app_ms for each in self.searches)


class BadPoints(Exception):
    """A file of points cannot be used; the message names it and says why."""


def read_points(path: Path) -> list[Point]:
    """Return the points of a file; raises BadPoints if it is missing or of another form."""
    try:
        return TypeAdapter(list[Point]).validate_json(path.read_bytes())
    except OSError as error:
        raise BadPoints(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise BadPoints(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def add_point(path: Path, point: Point) -> None:
    """Write a point into a file, in place of one of the same name."""
    others = [each for each in read_points(path) if each.name != point.name] if path.exists() else []
    path.write_text(json.dumps([asdict(each) for each in (*others, point)], indent=1) + "\n", encoding="utf-8")


def pick(points: Iterable[Point], names: Sequence[str]) -> list[Point]:
    """Return the points of these names, in their order; raises BadPoints if one is missing."""
    known = {point.name: point for point in points}
    for name in names:
        if name not in known:
            raise BadPoints(f"no point is called {name}; there are {', '.join(known)}")
    return [known[name] for name in names]
