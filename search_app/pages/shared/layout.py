"""The frame of every page: title, names of style sheets and scripts, and freshness of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from search_app.search.present.sessions import contradiction_text
from search_app.search.results import SourceState
from search_app.text import wording


@dataclass(frozen=True, slots=True)
class Link:
    """A text with an address."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A text with an address and its number of offers."""

    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the catalogue was last loaded, and a warning about stale sources."""

    text: str
    warning: str | None


@dataclass(frozen=True, slots=True)
class Live:
    """When the seats of a page were read, and the number after which a stream continues.

    Passed to templates beside the page: it differs at each request, even if the page is the same.
    """

    read_at: str
    read: str
    after: int

    @property
    def contradictions(self) -> tuple[str, str, str]:
        """Return the sentences on an open session without seats, on a closed one with one, and with ``{}`` seats."""
        return (
            contradiction_text("open_full", 0),
            contradiction_text("closed_left", 1),
            contradiction_text("closed_left", "{}"),
        )


@dataclass(frozen=True, slots=True)
class SelectionBar:
    """The reader's selection, according to the address; ``where`` is added to its links, for distances."""

    count: int
    text: str
    href: str
    search_href: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The frame of a page; ``title`` is without the site's name, ``section`` its entry of the menu.

    ``sheets`` are additional style sheets, ``libraries`` scripts used under a global name, ``scripts`` modules in order
    of execution: names of static files.
    """

    title: str
    section: str | None = None
    description: str | None = None
    canonical: str | None = None
    indexed: bool = True
    freshness: Freshness | None = None
    structured: str | None = None
    skip_to_results: bool = False
    skip_to_table: bool = False
    sheets: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    bar: SelectionBar | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Base of all page contexts."""

    layout: Layout


def to_live(checkpoint: int, moment: datetime) -> Live:
    """Return when seats were read, and the number from which they are followed."""
    read_at = moment.isoformat(timespec="minutes")
    return Live(read_at, wording.moment(read_at), checkpoint)


def to_freshness(sources: Sequence[SourceState]) -> Freshness | None:
    """Return when the catalogue was last loaded, None if unknown (engine down, nothing loaded)."""
    if not sources:
        return None
    newest = min(sources, key=lambda source: source.age_days)
    late = [source for source in sources if source.stale]
    text = f"Catalogue chargé {wording.ago(newest.age_days)} ({wording.moment(newest.loaded_at)})."
    return Freshness(text, _warning(late) if late else None)


def _warning(late: Sequence[SourceState]) -> str:
    if len(late) == 1:
        return f"La source {late[0].name} n’a pas été rechargée depuis longtemps ({wording.ago(late[0].age_days)})."
    names = ", ".join(f"{source.name} ({wording.ago(source.age_days)})" for source in late)
    return wording.typeset(f"{len(late)} sources n’ont pas été rechargées depuis longtemps : {names}.")
