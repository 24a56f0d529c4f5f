"""The page of a domain, a territory, a job in a département, or a training: its offers to come, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.exports.structured_lists import build_item_list, build_training
from search_app.pages.documents.block import InformBlock
from search_app.pages.portal.frame import Section, Site, build_layout, offers_text
from search_app.pages.portal.items import TrainingItem, build_items
from search_app.pages.portal.paging import PathPaging, build_paging
from search_app.pages.shared.layout import Link, Page
from search_app.pages.subjects.subjects import FEWEST, Subject
from search_app.search.results import SearchResults
from search_app.text import wording

HEADINGS: Final = {
    "domain": "Formations : {}",
    "region": "Formations en région {}",
    "department": "Formations dans le département {}",
    "commune": "Formations à {}",
    "job_in": "Formations : {}",
    "training": "{}",
}


@dataclass(frozen=True, slots=True)
class ListPage(Page):
    """``count`` is the number of offers to come, and leads to the search with the same total. ``leads_to`` are the
    certifications of a training, whose offers have no title of their own (``titled``).
    """

    heading: str
    count: Link
    about: str
    leads_to: tuple[str, ...]
    titled: bool
    near: Link | None
    trail: tuple[Link, ...]
    items: tuple[TrainingItem, ...]
    paging: PathPaging | None
    sections: tuple[Section, ...]
    inform: InformBlock | None = None


def build_list_page(
    subject: Subject,
    results: SearchResults,
    trail: Sequence[Link],
    sections: tuple[Section, ...],
    site: Site,
    near: Link | None = None,
) -> ListPage:
    """Return one page of a subject's offers; ``sections`` stand on the first page only."""
    first = results.page == 1
    heading = wording.typeset(HEADINGS[subject.kind].format(subject.label))
    numbered = heading if first else f"{heading}, page {results.page}"
    steps = (*trail, Link(wording.typeset(subject.label), subject.path))
    items = build_items(results.results, results.today)
    return ListPage(
        layout=build_layout(
            numbered,
            f"{_sentence(subject, results.total)} : dates, lieux, organismes, financement.",
            subject.page(results.page),
            steps,
            site,
            *_things(subject, results, site),
            indexed=results.total >= fewest_of(subject),
        ),
        heading=numbered,
        count=Link(offers_text(results.total), subject.search),
        about=wording.typeset(subject.within),
        leads_to=_certifications(subject, results),
        titled=subject.kind != "training",
        near=near,
        trail=steps,
        items=items,
        paging=build_paging(subject, results.page, results.total),
        sections=sections if first else (),
    )


def fewest_of(subject: Subject) -> int:
    """Return how many offers to come a page needs to be indexed."""
    return 1 if subject.kind == "training" else FEWEST


def _things(subject: Subject, results: SearchResults, site: Site) -> list[dict[str, object] | None]:
    named = [(card.title, site.url(card.url)) for card in results.results]
    things = [build_item_list(subject.label, named, results.total)]
    if subject.kind == "training":
        certifications = _certifications(subject, results)
        things.append(build_training(subject.label, site.url(subject.path), certifications, results.results))
    return things


def _certifications(subject: Subject, results: SearchResults) -> tuple[str, ...]:
    """Return the certifications that all offers of a training lead to; nothing for other subjects."""
    if subject.kind != "training" or not results.results:
        return ()
    return tuple(map(wording.typeset, results.results[0].certifications))


def _sentence(subject: Subject, total: int) -> str:
    return " ".join(filter(None, (offers_text(total), subject.within or f"pour « {subject.label} »")))
