"""What changed in the rules, day by day, made from the dates that the rules themselves have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from funding import Book
from funding.rule.scheme import FOREVER, Amount, Scheme, Source, Version
from search_app.text import wording
from search_app.text.dates import french_day

Kind = Literal["read", "begins", "ends", "overdue", "figure_begins", "figure_ends"]
_NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a scheme: ``day`` is the first day on which it holds, ``name`` tells it from others of the day."""

    day: date
    kind: Kind
    scheme: str
    label: str
    text: str
    name: str = ""


def find_changes(book: Book, today: date) -> list[Change]:
    """Return the changes up to a day, the newest first: what was read, versions and figures that began or ended.

    What begins later is in the change of the day on which its sources were read.
    """
    found = [change for scheme in book.schemes for change in _of_scheme(book, scheme) if change.day <= today]
    return sorted(found, key=lambda change: (change.day, change.scheme, change.kind, change.name), reverse=True)


def _of_scheme(book: Book, scheme: Scheme) -> Iterator[Change]:
    yield from _readings(scheme)
    for version in scheme.versions:
        yield from _of_version(scheme, version)
    for name in dict.fromkeys(use.amount for use in scheme.amounts()):
        for amount in book.amounts.get(name, ()):
            yield from _of_figure(scheme, amount)


def _readings(scheme: Scheme) -> Iterator[Change]:
    """Yield one change for each day on which sources were read, with the versions that rest on them."""
    sources: list[tuple[Source, Version | None]] = [(source, None) for source in scheme.sources]
    sources += [(source, version) for version in scheme.versions for source in version.sources]
    for day in sorted({source.read_on for source, _ in sources}):
        of_day = [(source, version) for source, version in sources if source.read_on == day]
        texts = dict.fromkeys(_source_text(source) for source, _ in of_day)
        periods = dict.fromkeys(_period(version) for _, version in of_day if version)
        about = f". Pour la règle {' ; '.join(periods)}" if periods else ""
        yield Change(day, "read", scheme.id, scheme.label, f"Sources lues : {' ; '.join(texts)}{about}.")


def _source_text(source: Source) -> str:
    return source.text if source.verified else f"{source.text} [texte non lu]"


def _period(version: Version) -> str:
    """Return the days of a version in words."""
    until = f" au {french_day(version.last)}" if version.last else ""
    return f"{'du' if until else 'à partir du'} {french_day(version.first)}{until}"


def _of_version(scheme: Scheme, version: Version) -> Iterator[Change]:
    what = "les demandes faites" if version.by == "day" else "les sessions qui commencent"
    begins = f"Une règle vaut pour {what} {_period(version)}."
    if version.unread:
        begins = f"{begins} {version.unread}."
    name = version.first.isoformat()
    yield Change(version.first, "begins", scheme.id, scheme.label, begins, name)
    if version.end < FOREVER:
        ends = f"La règle du {french_day(version.first)} ne vaut plus depuis le {french_day(version.end + _NEXT_DAY)}."
        yield Change(version.end + _NEXT_DAY, "ends", scheme.id, scheme.label, ends, name)
    if version.verify_by and version.verify_by < version.end and not version.unread:
        late = f"Sources à relire depuis le {french_day(version.verify_by)} : aucun oui n’est donné jusque-là."
        yield Change(version.verify_by + _NEXT_DAY, "overdue", scheme.id, scheme.label, late, name)


def _of_figure(scheme: Scheme, amount: Amount) -> Iterator[Change]:
    name = f"{amount.id}/{amount.first}"
    figure = f"{amount.label} : {wording.euros(amount.euros)}{' par mois' if amount.per == 'month' else ''}"
    begins = f"{figure}, du {french_day(amount.first)} au {french_day(amount.last)}."
    yield Change(amount.first, "figure_begins", scheme.id, scheme.label, begins, name)
    if amount.last < FOREVER:
        ends = f"Ce montant ne vaut plus depuis le {french_day(amount.last + _NEXT_DAY)} : {figure}."
        yield Change(amount.last + _NEXT_DAY, "figure_ends", scheme.id, scheme.label, ends, name)
