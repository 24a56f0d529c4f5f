"""The page of one offer's funding: ``/offres/{id}/financement``."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from funding import Person
from funding.facts.table import PERSON
from search_app.funding.judging import Judged
from search_app.pages.funding.asked.facts import open_facts
from search_app.pages.funding.asked.posted import NOTHING_ASKED, Asked
from search_app.pages.funding.asked.questions import (
    BEGIN,
    FACT_NAMES,
    Question,
    build_begin,
    build_question,
    to_fault_link,
)
from search_app.pages.funding.dossier.build import Case, Dossier, build_dossier
from search_app.pages.funding.dossier.session import (
    SessionChoice,
    build_about,
    build_choices,
    build_notice,
    find_row,
    unlisted,
)
from search_app.pages.funding.links import SCRIPT, SHEET, WHO_PAYS, funding_path
from search_app.pages.offer.facts import Fact
from search_app.pages.offer.sessions import SessionRow, build_session_rows
from search_app.pages.selection.shortlist import NOTHING_PICKED, Selection
from search_app.pages.shared.cards import Card, build_card
from search_app.pages.shared.layout import Freshness, Layout, Link, Page
from search_app.pages.shared.picking import SCRIPT as PICKING_SCRIPT
from search_app.pages.shared.picking import build_bar, pairs_of
from search_app.search.params.search_params import SearchParams
from search_app.search.present.offer import OfferView
from search_app.search.reference_data import Snapshot
from search_app.search.whole_offer import read_offer
from search_app.text import wording
from search_app.text.dates import french_day

SHEETS: Final = (SHEET, "funding.css")
LOST: Final = "Cette session n’est plus connue, ou elle n’est pas de cette offre"
NO_RULES: Final = "Aucune règle de financement n’est chargée sur ce site : il ne peut pas dire qui paie."


@dataclass(frozen=True, slots=True, repr=False)
class Judgement:
    """An answer, the person whom it is about, and the day of the question."""

    judged: Judged
    person: Person
    on: date


@dataclass(frozen=True, slots=True, repr=False)
class FundingPage(Page):
    """The page context; without a person, or with faults, there is no dossier.

    ``begin`` asks when to enter a session with permanent entry. ``unlisted`` is the key of a chosen session that is not
    among ``sessions``, ``notice`` why the judged one cannot be entered, ``lost`` that the named one is unknown.
    """

    heading: str
    title: str
    where: tuple[str, ...]
    about: tuple[Fact, ...]
    back: Link
    action: str
    sessions: tuple[SessionChoice, ...]
    begin: Question | None
    unlisted: str
    notice: str
    lost: str
    questions: tuple[Question, ...]
    answered: tuple[Question, ...]
    faults: tuple[Link, ...]
    dossier: Dossier | None
    no_rules: str
    posted: bool
    facts: str = FACT_NAMES

    @property
    def change_text(self) -> str:
        """Return what the fold of given answers is called."""
        answers = "Corriger mes réponses" if self.answered else ""
        session = "changer de session" if self.sessions else ""
        begin = "dire quand commencer" if self.begin else ""
        text = ", ".join(part for part in (answers, session, begin) if part)
        return text[:1].upper() + text[1:]


def build_funding_page(
    view: OfferView,
    snapshot: Snapshot,
    judgement: Judgement,
    asked: Asked = NOTHING_ASKED,
    *,
    freshness: Freshness | None = None,
    selection: Selection = NOTHING_PICKED,
) -> FundingPage:
    """Return the page of an offer, with the dossier if a person was posted without faults."""
    offer, picked, book = read_offer(view.record), pairs_of(selection), snapshot.funding.book
    judged, on = judgement.judged, judgement.on
    card = build_card(view.offer, SearchParams(), on, picked=picked)
    rows = build_session_rows(offer, view.offer.sessions, on)
    row = find_row(rows, judged.session["id"] if judged.session else None)
    case = Case(book, judgement.person, judged.answer, judged.session_facts, row, on)
    answered, questions = _questions(case, asked)
    chosen = judged.session["key"] if asked.session and judged.session else ""
    choices = build_choices(rows, chosen)
    return FundingPage(
        layout=_layout(card, freshness, selection),
        heading=WHO_PAYS,
        title=card.title,
        where=tuple(text for text in (card.provider, card.place, _session_text(row, judged, asked)) if text),
        about=build_about(offer, card, row, rows),
        back=Link("Retour à l’offre", card.href),
        action=funding_path(view.offer.key, picked),
        sessions=choices,
        begin=_begin(view, judged, asked),
        unlisted=unlisted(choices, chosen),
        notice=build_notice(row),
        lost=_lost(choices, row) if asked.lost else "",
        questions=questions,
        answered=answered,
        faults=tuple(map(to_fault_link, asked.faults)),
        dossier=build_dossier(case) if asked.posted and not (asked.faults or asked.lost) and book.schemes else None,
        no_rules="" if book.schemes else wording.typeset(NO_RULES),
        posted=asked.posted,
    )


def _lost(choices: tuple[SessionChoice, ...], row: SessionRow | None) -> str:
    """Return that the named session is not known, and which other ones the offer has."""
    if row is None:
        return wording.typeset(f"{LOST}.")
    other = "Choisissez-en une autre" if choices else f"L’offre en a une autre : {row.when[:1].lower()}{row.when[1:]}"
    return wording.typeset(f"{LOST}. {other}.")


def _session_text(row: SessionRow | None, judged: Judged, asked: Asked) -> str | None:
    """Return when the session takes place that the page is about, and on which day the reader would enter it."""
    if row is None:
        return None
    facts = judged.session_facts
    entered = asked.begin_day if facts and facts.start == asked.begin_day and not facts.permanent else None
    begins = f", pour commencer le {french_day(entered)}" if entered else ""
    return f"Session{wording.NBSP}: {row.when[:1].lower()}{row.when[1:]}{begins}"


def _begin(view: OfferView, judged: Judged, asked: Asked) -> Question | None:
    """Return the question when to enter, None where the session has its own day."""
    if judged.session is None or view.offer.entry != "permanent":
        return None
    return build_begin(asked.begin, wrong=any(fault.parameter == BEGIN for fault in asked.faults))


def _questions(case: Case, asked: Asked) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Return the questions that were answered and those that are open; one with a fault is open."""
    wrong = frozenset(fault.parameter for fault in asked.faults)
    given = [short for short in PERSON if asked.given.get(short, "").strip()]
    answered = [short for short in given if short not in wrong]
    faulty = [short for short in given if short in wrong]
    to_ask = [short for short in open_facts(case.book, case.answer, case.person) if short not in given]

    def build(names: list[str]) -> tuple[Question, ...]:
        return tuple(build_question(short, asked.given, wrong) for short in names)

    return build(answered), build([*faulty, *to_ask])


def _layout(card: Card, freshness: Freshness | None, selection: Selection) -> Layout:
    return Layout(
        title=f"{WHO_PAYS} {card.title}",
        section="search",
        indexed=False,
        freshness=freshness,
        sheets=SHEETS,
        scripts=(SCRIPT, PICKING_SCRIPT),
        bar=build_bar(selection),
    )
