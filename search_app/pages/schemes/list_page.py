"""``/financements``: all schemes, those that have some words, and what must be verified soon."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from language.words import words_of
from search_app.exports.funding import CSV_PATH, FEED_PATH, SCHEMES
from search_app.funding.sheets import PATH, current_of
from search_app.funding.views import ConditionView, SchemeView
from search_app.funding.wording import STATES, pays_text
from search_app.pages.portal.frame import HOME, Site, build_layout
from search_app.pages.search.fields import TextField
from search_app.pages.shared.layout import Link, Page
from search_app.text import wording

LONGEST_WORDS: Final = 100
SHEETS: Final = ("portal.css", "schemes.css")
TITLE: Final = "Qui paie une formation ?"
ALL: Final = Link("Financements", PATH)
LINKS: Final = (Link("Tableau (CSV)", CSV_PATH), Link("Données (JSON)", SCHEMES), Link("Changements (Atom)", FEED_PATH))


@dataclass(frozen=True, slots=True)
class SchemeCard:
    """One scheme in the list; ``state`` is None while its rule is in force."""

    href: str
    label: str
    summary: str
    pays: str
    decides: str
    state: str | None


@dataclass(frozen=True, slots=True)
class DueLine:
    """What must be verified soon, and the sheet that it is about."""

    text: str
    sheet: Link


@dataclass(frozen=True, slots=True)
class Group:
    """Schemes of one kind; ``key`` is the anchor."""

    key: str
    title: str
    cards: tuple[SchemeCard, ...]


@dataclass(frozen=True, slots=True)
class ListPage(Page):
    """The page context; ``found`` tells how many schemes have the words, None if none were asked for."""

    trail: tuple[Link, ...]
    field: TextField
    found: str | None
    groups: tuple[Group, ...]
    due: tuple[DueLine, ...]
    links: tuple[Link, ...]
    feed: str
    has_rules: bool


def build_list_page(schemes: Sequence[SchemeView], words: str, site: Site) -> ListPage:
    """Return the page of all schemes, or of those that have every word."""
    shown = [scheme for scheme in schemes if _has(scheme, words)]
    count = wording.counted(len(shown), "financement", "financements")
    return ListPage(
        layout=build_layout(
            TITLE,
            "Les dispositifs qui paient une formation ou un revenu : conditions, montants, délais, sources.",
            PATH,
            (HOME, ALL),
            site,
            indexed=not words,
            sheets=SHEETS,
        ),
        trail=(HOME, ALL),
        field=TextField("q", "Chercher un financement", words),
        found=wording.typeset(f"{count} pour « {words} »") if words else None,
        groups=tuple(_groups(shown)),
        due=() if words else _due(schemes),
        links=LINKS,
        feed=FEED_PATH,
        has_rules=bool(schemes),
    )


def _groups(schemes: Sequence[SchemeView]) -> Iterator[Group]:
    """Yield the groups that are not empty, each in the order of the payers."""
    groups = {
        "frais": ("Ce qui paie la formation", [each for each in schemes if each.versions and "fees" in each.pays]),
        "revenu": (
            "Ce qui donne un revenu ou une aide pendant la formation",
            [each for each in schemes if each.versions and "fees" not in each.pays],
        ),
        "sans-regle": (
            "Financeurs dont les conditions n’ont pas été lues",
            [each for each in schemes if not each.versions],
        ),
    }
    for key, (title, found) in groups.items():
        if found:
            yield Group(key, title, tuple(map(_card, found)))


def _due(schemes: Sequence[SchemeView]) -> tuple[DueLine, ...]:
    """Return what is due of all schemes, the earliest first."""
    rows = sorted(((due.by, due.text, scheme) for scheme in schemes for due in scheme.due), key=lambda row: row[:2])
    return tuple(DueLine(wording.typeset(text), Link(wording.typeset(each.label), each.url)) for _, text, each in rows)


def _card(scheme: SchemeView) -> SchemeCard:
    told = scheme.state in ("in_force", "sheet")  # the title of its group tells of a sheet
    return SchemeCard(
        href=scheme.url,
        label=wording.typeset(scheme.label),
        summary=wording.typeset(scheme.summary),
        pays=wording.typeset(pays_text(scheme)),
        decides=wording.typeset(scheme.decides),
        state=None if told else STATES[scheme.state],
    )


def _has(scheme: SchemeView, words: str) -> bool:
    """Tell whether each word begins a word of a scheme: its names, funders, summary, conditions."""
    asked = [word.rstrip("sx") or word for word in words_of(words)]  # without the plural
    known = words_of(" ".join(_texts(scheme))) if asked else []
    return all(any(each.startswith(word) for each in known) for word in asked)


def _texts(scheme: SchemeView) -> Iterator[str]:
    yield from (scheme.id, scheme.label, scheme.summary, scheme.decides, scheme.starts or "", pays_text(scheme))
    yield from (funder.label for funder in scheme.funders)
    rule = current_of(scheme)
    if rule is not None:
        yield from _of_conditions(rule.conditions)
        yield from (*rule.judged, *rule.documents)


def _of_conditions(conditions: Sequence[ConditionView]) -> Iterator[str]:
    for condition in conditions:
        yield condition.text
        yield from _of_conditions(condition.parts)
