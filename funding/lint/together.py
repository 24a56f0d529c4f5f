"""Checks a whole folder: versions against each other, references, and whether scenarios prove each scheme."""

from collections.abc import Iterator
from typing import Final

from funding.book import AMOUNTS, RULES, SCENARIOS, Reading
from funding.evaluation.verdict import to_word
from funding.lint.scenarios import differences
from funding.lint.useless import find_environments, find_useless
from funding.reading.lines import Path
from funding.rule.scheme import Scheme

FEWEST_SCENARIOS: Final = 6  # of a scheme with conditions


def find_faults(reading: Reading) -> list[str]:
    """Return one line for each fault of the rules together, naming file and line; a load requires an empty list."""
    checks = (_versions, _useless, _references, _proof, _scenarios)
    return [fault for check in checks for fault in check(reading)]


def _at(reading: Reading, scheme: Scheme, *path: str | int) -> str:
    return reading.documents[f"{RULES}/{scheme.id}.toml"].place(path)


def _versions(reading: Reading) -> Iterator[str]:
    """Report versions that overlap, and schemes whose versions are chosen by different days."""
    for scheme in reading.book.schemes:
        for number, version in enumerate(scheme.versions):
            place = _at(reading, scheme, "version", number)
            for other in scheme.versions[:number]:
                if version.first <= other.end and other.first <= version.end:
                    yield f"{place}: the version overlaps the one from {other.first}"
            if version.by != scheme.versions[0].by:
                yield f"{place}: all versions of a scheme are chosen by the same day (on)"


def _useless(reading: Reading) -> Iterator[str]:
    """Report conditions that change nothing."""
    for scheme in reading.book.schemes:
        for number, version in enumerate(scheme.versions):
            start: Path = ("version", number)
            for path in find_useless(version.when):
                yield f"{_at(reading, scheme, *start, *path)}: the condition changes nothing"
            for place, use in enumerate(version.amounts):
                for path in find_useless(use.when):
                    yield f"{_at(reading, scheme, *start, 'amount', place, *path)}: the condition changes nothing"


def _references(reading: Reading) -> Iterator[str]:
    """Report amounts and contacts that do not exist, and amounts that nothing uses."""
    book = reading.book
    used: set[str] = set()
    for scheme in book.schemes:
        for contact in scheme.contacts:
            if contact not in book.contacts:
                yield f"{_at(reading, scheme, 'contacts')}: unknown contact {contact!r}"
        for number, version in enumerate(scheme.versions):
            for place, use in enumerate(version.amounts):
                used.add(use.amount)
                if use.amount not in book.amounts:
                    where = _at(reading, scheme, "version", number, "amount", place)
                    yield f"{where}: unknown amount {use.amount!r}"
    for number, row in enumerate(reading.documents[AMOUNTS].data["amount"] if book.amounts else ()):
        if row["id"] not in used:
            yield f"{reading.documents[AMOUNTS].place(('amount', number))}: nothing uses the amount {row['id']!r}"


def _proof(reading: Reading) -> Iterator[str]:
    """Report schemes that scenarios do not prove: too few, or a verdict that can be given and is never expected."""
    for scheme in reading.book.schemes:
        own = [each for each in reading.scenarios if each.scheme == scheme.id]
        where = _at(reading, scheme)
        if scheme.has_conditions and len(own) < FEWEST_SCENARIOS:
            name = f"{SCENARIOS}/{scheme.id}.toml"
            yield f"{where}: {FEWEST_SCENARIOS} scenarios at least are expected in {name}, not {len(own)}"
            continue
        if scheme.has_conditions:
            given = {str(each.expected.get("verdict")) for each in own}
            for verdict in sorted(_possible(scheme) - given):
                yield f"{where}: no scenario expects the verdict {verdict!r}"
    known = {scheme.id for scheme in reading.book.schemes if scheme.versions}
    for name in reading.documents:
        if name.startswith(SCENARIOS) and name[len(SCENARIOS) + 1 : -len(".toml")] not in known:
            yield f"{name}, line 1: no scheme with a version has this name"


def _possible(scheme: Scheme) -> set[str]:
    """Return the verdicts that a scheme can give; a session before its first version is unknown in any case."""
    found = {"unknown"}
    for version in scheme.versions:
        results = {version.when.result(env) for env in find_environments(version.when)}
        found |= {to_word(None if result and version.unread else result) for result in results}
    return found


def _scenarios(reading: Reading) -> Iterator[str]:
    """Report scenarios whose verdict is not the expected one."""
    for scenario in reading.scenarios:
        if reading.book.scheme(scenario.scheme) is not None:
            for difference in differences(reading.book, scenario):
                yield f"{scenario.place}: « {scenario.title} »: {difference}"
