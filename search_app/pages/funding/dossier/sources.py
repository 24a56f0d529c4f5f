"""The texts that verdicts rest on, by the day on which they were read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from funding import Book, SessionFacts, Verdict
from funding.evaluation.versions import find_in_force
from funding.facts.values import Days
from funding.rule.scheme import Source
from search_app.text import wording
from search_app.text.dates import french_day


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Texts that were read on one day, in one state."""

    read: str
    texts: tuple[str, ...]


def build_sources(
    book: Book, verdicts: Iterable[Verdict], session: SessionFacts | None, on: date
) -> tuple[SourceLine, ...]:
    """Return the sources of the versions in force and of their figures, the latest reading first."""
    starts = session.starts(on) if session else Days(on, on)
    lines: dict[tuple[date, date | None, bool], list[str]] = {}
    for source in _sources(book, verdicts, starts, on):
        lines.setdefault((source.read_on, source.as_of, source.verified), []).append(wording.typeset(source.text))
    ordered = sorted(lines.items(), key=lambda line: (not line[0][2], -line[0][0].toordinal()))
    return tuple(SourceLine(_read(*key), tuple(_by_act(dict.fromkeys(texts)))) for key, texts in ordered)


def _by_act(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts, those of one act together.

    >>> [*_by_act(["Code du travail, L. 1", "Notice", "Code du travail, L. 2, 1°"])]
    ['Code du travail, L. 1, L. 2, 1°', 'Notice']
    """
    acts: dict[str, list[str]] = {}
    for text in texts:
        act, _, article = text.partition(", ")
        acts.setdefault(act, []).extend([article] if article else [])
    return (", ".join((act, *articles)) for act, articles in acts.items())


def _sources(book: Book, verdicts: Iterable[Verdict], starts: Days, on: date) -> Iterator[Source]:
    for verdict in verdicts:
        scheme = book.scheme(verdict.scheme)
        if scheme is None:
            continue
        for version in find_in_force(scheme, starts, on).versions:
            yield from version.sources
        yield from (amount.source for amount in verdict.amounts)


def _read(read_on: date, as_of: date | None, verified: bool) -> str:
    text = f"Lu le {french_day(read_on)}"
    if as_of:
        text += f", texte en vigueur au {french_day(as_of)}"
    return text if verified else f"{text} ; texte lui-même non lu, à confirmer"
