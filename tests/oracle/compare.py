"""What differs between the oracle's answer and the one that came over HTTP, as lines that a reader can act on."""

import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.oracle.answer import Answer, Key
from tests.oracle.query import Parameters
from tests.oracle.rows import ON_REQUEST, Row, Session
from tests.oracle.trainings import groups_of, training_differences

CUT_FACETS: Final = (
    "rome",
    "provider",
    "employment_zone",
    "trainer",
    "programme",
    "market",
)  # cut to the most frequent
DEFAULT_SIZE: Final = 20
DEFAULT_FACET_SIZE: Final = 100
TOLERANCE_KM: Final = 0.1
ORDER_TOLERANCE_KM: Final = 0.002


@dataclass(frozen=True)
class Compared:
    """One request, what it should have answered, and what it did answer."""

    parameters: Parameters
    expected: Answer
    got: Mapping[str, Any]
    rows: Mapping[str, Row]
    sort: str
    untold: Collection[str] = ()  # facets of which the truth says nothing

    @property
    def size(self) -> int:
        """How many results a page has."""
        return int(self.parameters.get("size", [str(DEFAULT_SIZE)])[-1])

    @property
    def by_training(self) -> bool:
        """True if each result stands for a training."""
        return list(self.parameters.get("group", ())) == ["training"]

    def differences(self) -> list[str]:
        """Return one line a difference; none if the answer is right."""
        found = []
        if self.got["total"] != self.expected.total:
            found.append(f"total: expected {self.expected.total}, got {self.got['total']}")
        if not self.by_training and self.got["trainings"] is not None:
            found.append(f"trainings: nobody asked, got {self.got['trainings']}")
        found += self._presence()
        for name, counts in self.expected.facets.items():
            found += self._facet(name, counts) if name not in self.untold else []
        unevaluated = self.got["facets"].keys() - self.expected.facets.keys()
        found += [f"facet {name}: the oracle does not evaluate it (docs/adding-a-facet.md)" for name in unevaluated]
        return found + self._page() + self._sessions()

    def _presence(self) -> list[str]:
        onsite = self.expected.total - self.expected.remote
        wanted = {"onsite": onsite, "remote": self.expected.remote} if self.expected.parted else None
        told = self.got["presence"]
        return [] if told == wanted else [f"presence: expected {wanted}, got {told}"]

    def _facet(self, name: str, counts: Counter[str]) -> list[str]:
        wanted = name not in ON_REQUEST or name in self.parameters.get("facets", ()) or bool(self.parameters.get(name))
        if wanted != (name in self.got["facets"]):
            return [f"facet {name}: missing" if wanted else f"facet {name}: nobody asked"]
        if not wanted:
            return []
        listed = self.got["facets"][name]
        values = [row["value"] for row in listed]
        chosen = set(self.parameters.get(name, ()))
        shown = {row["value"]: row["count"] for row in listed}
        exact = counts + self.expected.exact_domains if name == "domain" else counts
        found = [f"facet {name}: {value} listed twice" for value, n in Counter(values).items() if n > 1]
        found += [
            f"facet {name}={value}: expected {exact[value]}, got {count}"
            for value, count in shown.items()
            if exact[value] != count
        ]
        wrong = [row["value"] for row in listed if row["selected"] != (row["value"] in chosen)]
        found += [f"facet {name}: {value} is wrongly (not) selected" for value in wrong]
        found += [f"facet {name}: {v} is listed without offers" for v, n in shown.items() if not n and v not in chosen]
        if name == "seats" and values != sorted(values, key=_place_in_list_of_seats):
            found.append(f"facet seats: not in its order: {values}")
        unlisted = {value for value in chosen - shown.keys() if name != "domain" or len(value) == 3}
        found += [f"facet {name}: chosen {value} is not listed" for value in unlisted]
        missing = {value: n for value, n in counts.items() if n and value not in shown}
        if name in CUT_FACETS:
            return found + self._cut(
                name, [(r["value"], r["count"]) for r in listed if r["value"] not in chosen], missing
            )
        return found + [f"facet {name}={value}: expected {n}, not listed" for value, n in missing.items()]

    def _cut(self, name: str, unchosen: list[tuple[str, int]], missing: dict[str, int]) -> list[str]:
        counts = [count for _, count in unchosen]
        limit = int(self.parameters.get("facet_size", [str(DEFAULT_FACET_SIZE)])[-1])
        found = [] if counts == sorted(counts, reverse=True) else [f"facet {name}: not in order of counts: {counts}"]
        if missing and len(self.got["facets"][name]) < limit:
            found.append(f"facet {name}: {len(counts)} listed of a limit of {limit}, missing {missing}")
        if missing and counts and max(missing.values()) > counts[-1]:
            found.append(f"facet {name}: {missing} are more frequent than the last one listed")
        return found

    def _page(self) -> list[str]:
        offset = self.size * (int(self.parameters.get("page", ["1"])[-1]) - 1)
        identifiers = [result["id"] for result in self.got["results"]]
        strangers = [i for i in identifiers if i not in self.expected.keys]
        if strangers:
            return [f"results that do not match: {strangers[:5]}"]
        if len(set(identifiers)) != len(identifiers):
            return ["an offer is on the page twice"]
        groups = groups_of(self.expected, self.rows) if self.by_training else None
        order = self.expected.order if groups is None else sorted(group.best for group in groups.values())
        expected = order[offset : offset + self.size]
        if len(expected) != len(identifiers):
            return [f"page: expected {len(expected)} results, got {len(identifiers)}"]
        found = list(training_differences(groups, self.got, self.rows, self.size)) if groups is not None else []
        keys = [self.expected.keys[i] for i in identifiers]
        if self.sort == "relevance":  # the oracle has no scores, but knows which part an offer is in
            expected, keys = [key[:1] for key in expected], [key[:1] for key in keys]
            groups = None
        wrong = [n for n, (a, b) in enumerate(zip(expected, keys, strict=True)) if not _same_key(a, b)]
        if groups is not None:
            best = [groups[self.rows[i].training].best for i in identifiers]
            wrong += [n for n, (a, b) in enumerate(zip(best, keys, strict=True)) if not _same_key(a, b)]
        told = [f"order: result {n} ({identifiers[n]}) has key {keys[n]}, expected {expected[n]}" for n in wrong[:3]]
        return found + told

    def _sessions(self) -> list[str]:
        found = []
        for result in self.got["results"]:
            if result["id"] not in self.expected.sessions:
                continue
            matching = self.expected.sessions[result["id"]]
            row = self.rows[result["id"]]
            listed = [session["id"] for session in result["sessions"]]
            if listed[: len(matching)] != matching:
                found.append(f"sessions of {row.id}: expected {matching} first, got {listed}")
            elif set(listed) != {session.id for session in row.sessions} or len(listed) != len(row.sessions):
                found.append(f"sessions of {row.id}: expected all {len(row.sessions)}, got {listed}")
            by_id = {session.id: session for session in row.sessions}
            for told in result["sessions"]:
                found += _session_differences(told, by_id[told["id"]]) if told["id"] in by_id else []
            distance = self.expected.distances.get(row.id)
            if distance is not None and abs((result["distance_km"] or 0) - distance) > TOLERANCE_KM:
                found.append(f"distance of {row.id}: expected {distance:.2f}, got {result['distance_km']}")
        return found


def _session_differences(told: Mapping[str, Any], session: Session) -> list[str]:
    found = []
    if told["recruiting"] != session.recruiting:
        found.append(f"session {session.id}: recruiting {told['recruiting']}, expected {session.recruiting}")
    seats = {figure["funder"]: figure["available"] for figure in told["seats"] if figure["available"] is not None}
    if seats != session.available:
        found.append(f"session {session.id}: seats {seats}, expected {dict(session.available)}")
    if session.start and session.start.first == session.start.last and told["start"] != session.start.first.isoformat():
        found.append(f"session {session.id}: start {told['start']}, expected {session.start.first}")
    if session.start is None and told["start"] is not None:
        found.append(f"session {session.id}: start {told['start']}, expected none")
    return found


def _place_in_list_of_seats(value: str) -> tuple[int, str]:
    return (int(value), "") if value.isdigit() else (sys.maxsize, value)


def _same_key(one: Key, other: Key) -> bool:
    (part, first, *rest), (other_part, other_first, *other_rest) = (*one, None), (*other, None)
    if isinstance(first, float) and isinstance(other_first, float) and first != other_first:
        return part == other_part and abs(first - other_first) < ORDER_TOLERANCE_KM
    return (part, first, rest) == (other_part, other_first, other_rest)


def report(parameters: Parameters, differences: Sequence[str]) -> str:
    """Return what to print of a request that was answered wrongly."""
    asked = "&".join(f"{name}={value}" for name, values in parameters.items() for value in values)
    return f"GET /api/v1/offers?{asked}\n" + "\n".join(f"    {line}" for line in differences[:12])
