"""Changes each condition, threshold, list and deadline of each rule, and asks whether a scenario notices."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from funding.book import Book, Reading
from funding.lint.scenarios import differences
from funding.lint.useless import find_environments
from funding.reading.lines import Path
from funding.rule.changes import changes
from funding.rule.condition import All
from funding.rule.scheme import Scheme

# Changes that no scenario can notice, and why.
HIDDEN: Final = {
    ("cpf", ("version", 0, "amount", number, "all", 0), "with licence_light"): "the cap of a licence is lower"
    for number in (0, 1)
}


@dataclass(frozen=True)
class RuleMutant:
    """One scheme with one change; ``path`` leads to the changed part of its file."""

    scheme: Scheme
    path: Path
    what: str

    def shown(self, reading: Reading) -> str:
        """Return file, line and change."""
        place = reading.documents[f"rules/{self.scheme.id}.toml"].place(self.path)
        return f"{place}: {self.what} ({'.'.join(map(str, self.path))})"


def mutants_of(scheme: Scheme) -> Iterator[RuleMutant]:
    """Yield every change of a scheme."""
    for number, version in enumerate(scheme.versions):
        start: Path = ("version", number)

        def changed(path: Path, what: str, *, number: int = number, start: Path = start, **fields: Any) -> RuleMutant:
            versions = list(scheme.versions)
            versions[number] = replace(versions[number], **fields)
            return RuleMutant(replace(scheme, versions=tuple(versions)), (*start, *path), what)

        for change in changes(version.when):
            assert isinstance(change.condition, All)
            if not same_for_all(version.when, change.condition):
                yield changed(change.path, change.what, when=change.condition)
        for place, use in enumerate(version.amounts):
            others = version.amounts[:place], version.amounts[place + 1 :]
            yield changed(("amount", place), "deleted", amounts=(*others[0], *others[1]))
            for change in changes(use.when):
                assert isinstance(change.condition, All)
                if same_for_all(use.when, change.condition):
                    continue
                other = replace(use, when=change.condition)
                yield changed(("amount", place, *change.path), change.what, amounts=(*others[0], other, *others[1]))
        for place, deadline in enumerate(version.deadlines):
            for field in ("days", "long_absence_days", "opens_days"):
                days = getattr(deadline, field)
                for step in (-1, 1) if days is not None else ():
                    other_one = replace(deadline, **{field: days + step})
                    kept = list(version.deadlines)
                    kept[place] = other_one
                    yield changed(("deadlines", place), f"{field} {days + step}", deadlines=tuple(kept))
        if version.unread:
            yield changed(("unread",), "deleted", unread="")
        if version.verify_by and not version.unread and can_be_yes(version.when):
            yield changed(("verify_by",), "deleted", verify_by=None)


def same_for_all(one: All, other: All) -> bool:
    """Tell whether two conditions have the same result for all known facts: no scenario can tell them apart.

    That is so of an inverted « no fact tells it », and of a code that another branch accepts anyway. A deleted
    condition without effect never gets here: the lint refuses it.
    """
    return all(one.result(env) == other.result(env) for env in find_environments(All((one, other))))


def can_be_yes(when: All) -> bool:
    """Tell whether conditions are met for some facts."""
    return any(when.result(env) is True for env in find_environments(when))


def survivors(reading: Reading) -> tuple[int, list[str]]:
    """Return how many changes were made, and those that no scenario notices."""
    made, left = 0, []
    for scheme in reading.book.schemes:
        own = [scenario for scenario in reading.scenarios if scenario.scheme == scheme.id]
        for mutant in mutants_of(scheme):
            made += 1
            book: Book = replace(reading.book, schemes=(mutant.scheme,))
            is_hidden = (scheme.id, mutant.path, mutant.what) in HIDDEN
            if not is_hidden and not any(next(differences(book, scenario), None) for scenario in own):
                left.append(mutant.shown(reading))
    return made, left
