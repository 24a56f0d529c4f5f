"""``get_offer``: one offer by its key, by the sections of its page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from mappings.offer import Offer
from search_app.assistants.offer_lines import LONGEST_MOMENT, offer_lines, session_facts
from search_app.assistants.quotation import plain, quote, visible
from search_app.assistants.tools.answer import QUOTED, Answer, Arguments, Asked
from search_app.assistants.tools.arguments import fault_of, one_text, read_pairs
from search_app.base.errors import NotFound
from search_app.pages.offer import sections
from search_app.pages.offer.facts import ContactCard, Fact
from search_app.pages.offer.sections import Section
from search_app.search.params import refuse
from search_app.search.params.search_params import SearchParams
from search_app.search.present.offer import OfferView, to_offer_view
from search_app.search.present.seat_lines import build_seat_lines
from search_app.search.reference_data import Snapshot
from search_app.search.results import SessionView
from search_app.search.whole_offer import read_offer
from search_app.text.dates import french_day

LONGEST_FACT: Final = 500  # characters of the values of one term
LONGEST_SECTION: Final = 2_500
MOST_OF_TEXT: Final = 18_000  # characters of JSON: of 6,000 tokens the sessions as values may take a fifth
MOST_SESSIONS: Final = 10
MOST_SEATS: Final = 4  # funders of one session
MOST_CONTACTS: Final = 4
LONGEST_CODE: Final = 40
LINKS_ALONE: Final = ("Ses formations",)  # terms whose text is nothing without its link
KEY: Final = "la clé ou le numéro d’une offre, que donne search_offers"

_Build = Callable[[Offer, Snapshot], Section]
_SECTIONS: Final[Mapping[str, _Build]] = {
    "entrer": sections.entrance,
    "dates": lambda offer, _: sections.schedule(offer),
    "financement": lambda offer, _: sections.payment(offer),
    "programme": sections.learning,
    "contact": lambda offer, _: sections.calling(offer),
    "source": lambda offer, _: sections.origin(offer),
}
SESSIONS: Final = "sessions"
NAMES: Final = (SESSIONS, *_SECTIONS)
DEFAULT: Final = (SESSIONS, "entrer", "financement", "contact")


async def get_offer(asked: Asked, arguments: Arguments) -> Answer:
    """Return an offer with the sections asked for; raises NotFound, BadParameters."""
    pairs = read_pairs(arguments, ("key", "sections"))
    key, wanted = one_text(pairs, "key", KEY), [text for name, text in pairs if name == "sections"]
    if not set(wanted) <= set(NAMES):
        refuse([fault_of("sections", ", ".join(NAMES), "une de ces sections n’existe pas")])
    view = await _view(asked, key)
    return build_answer(view, asked, tuple(dict.fromkeys(wanted)) or DEFAULT)


async def _view(asked: Asked, key: str) -> OfferView:
    services = asked.services
    try:
        stored = await services.offer(key)
    except NotFound:
        gone = await services.gone_offer(key)
        if gone is None:
            raise
        raise NotFound(
            f"Cette offre n’est plus au catalogue depuis le {french_day(gone['removed_at'][:10])}."
        ) from None
    settings = services.settings
    return to_offer_view(stored, services.reference.current(), settings.current_day(), settings.seats_old_after_days)


def build_answer(view: OfferView, asked: Asked, wanted: Sequence[str]) -> Answer:
    """Return the lines of an offer, of its sections that fit into one answer, and which other sections there are."""
    offer, today = read_offer(view.record), asked.services.settings.current_day()
    lines = [QUOTED, *offer_lines(view.offer, SearchParams(), today, asked.site)]
    told: list[str] = []
    for name in wanted:
        more = list(map(visible, _lines_of(name, offer, view, asked)))
        if Answer([*lines, *more]).length <= MOST_OF_TEXT:
            lines += ["", *more]
            told.append(name)
    others = [name for name in NAMES if name not in told]
    if others:
        lines += ["", f"Autres sections : {', '.join(others)}."]
    return Answer(list(map(visible, lines)), _values(view, asked, told))


def _lines_of(name: str, offer: Offer, view: OfferView, asked: Asked) -> list[str]:
    if name == SESSIONS:
        return ["## Sessions", *_sessions(view, asked)]
    lines = _section(_SECTIONS[name](offer, asked.services.reference.current()))
    return [*lines, *_contacts(sections.build_contacts(offer))] if name == "contact" else lines


def _section(section: Section) -> list[str]:
    lines, left = [f"## {section.title}"], LONGEST_SECTION
    for fact in (each for each in section.facts if each.term not in LINKS_ALONE):
        line = f"{fact.term} : {quote(_text_of(fact), min(LONGEST_FACT, left))}"
        lines.append(line)
        left -= len(line)
        if left < LONGEST_FACT // 10:
            lines.append("(suite sur la page de l’offre)")
            break
    return lines if section.facts or not section.unknown else [*lines, section.unknown]


def _text_of(fact: Fact) -> str:
    if fact.blocks:
        return " ".join(("; " if block.is_list else " ").join(block.texts) for block in fact.blocks)
    return " ; ".join(value.text for value in fact.values)


def _sessions(view: OfferView, asked: Asked) -> list[str]:
    """Return a line for each session, those that a search lists first, with the seats under each funder."""
    sessions = view.offer.sessions
    lines = [_session(each, view, asked) for each in sessions[:MOST_SESSIONS]]
    if len(sessions) > MOST_SESSIONS:
        lines.append(f"Et {len(sessions) - MOST_SESSIONS} autres sessions.")
    return lines or ["Dates des sessions non communiquées."]


def _session(session: SessionView, view: OfferView, asked: Asked) -> str:
    today = asked.services.settings.current_day()
    seats = build_seat_lines(session.seats)[:MOST_SEATS]
    facts = session_facts(session, view.offer.entry, SearchParams(), today, seats)
    return f"- {session.key} {' ; '.join(facts)}"


def _contacts(cards: Sequence[ContactCard]) -> list[str]:
    lines = []
    for card in cards[:MOST_CONTACTS]:
        told = [text for text in (card.role, card.name, *(line.text for line in card.lines)) if text]
        lines.append(f"- {quote(' ; '.join(told), LONGEST_FACT)}")
    return lines


def _values(view: OfferView, asked: Asked, wanted: Sequence[str]) -> dict[str, Any]:
    card = view.offer
    found = {"key": card.key, "title": plain(card.title, 120), "url": asked.site + card.url, "sections": list(wanted)}
    return found | {"sessions": [_session_values(each) for each in card.sessions[:MOST_SESSIONS]]}


def _session_values(session: SessionView) -> dict[str, Any]:
    seats = [
        {
            "funder": plain(each.funder, LONGEST_CODE),
            "available": each.available,
            "observed_at": plain(each.observed_at, LONGEST_MOMENT),
        }
        for each in session.seats[:MOST_SEATS]
    ]
    return {"key": session.key, "start": session.start, "end": session.end, "seats": seats}
