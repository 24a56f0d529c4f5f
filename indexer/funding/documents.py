"""The funding sheets as documents: what `/financements/{id}` is about, with the funders of its scheme."""

from datetime import date
from typing import Final

from funding import Book
from funding.rule.scheme import FOREVER, Scheme, Version
from mappings.documents.document import DocumentFacts

PUBLISHER: Final = "Boussole"


def funding_documents(book: Book) -> list[tuple[str, DocumentFacts]]:
    """Return identifier and facts of every sheet of a book, in its order."""
    return [(scheme.id, _to_facts(scheme)) for scheme in book.schemes]


def _to_facts(scheme: Scheme) -> DocumentFacts:
    steps = [f"{each.what} ({each.days} jours avant)" for version in scheme.versions for each in version.deadlines]
    papers = [each for version in scheme.versions for each in version.documents]
    lines = [scheme.starts, f"Qui décide : {scheme.decides}", *steps, *papers]
    read = _last_read(scheme)
    return DocumentFacts(
        title=scheme.label,
        description=scheme.summary,
        text="\n".join(dict.fromkeys(line for line in lines if line)),
        kind="sheet",
        publisher=PUBLISHER,
        language="fr",
        url=f"/financements/{scheme.id}",
        funder=list(scheme.funders),
        modified=None if read is None else f"{read.isoformat()}T00:00:00Z",  # type: ignore[arg-type]
        valid_until=_last_day(scheme.versions),
    )


def _last_read(scheme: Scheme) -> date | None:
    sources = [*scheme.sources, *(source for version in scheme.versions for source in version.sources)]
    return max((source.read_on for source in sources), default=None)


def _last_day(versions: tuple[Version, ...]) -> date | None:
    """Return the last day on which any version holds, None if one goes on."""
    last = max((version.end for version in versions), default=FOREVER)
    return None if last == FOREVER else last
