"""The letter that tells what came."""

from collections.abc import Iterator
from datetime import date

from alerts.letter import Action, Entry, Letter, Line
from alerts.model import Frequency
from mappings.codes import NOT_OPEN
from search_app.alerts.letters import HOW_OFTEN, SEARCHED, USED_FOR, stop_action
from search_app.alerts.news import News
from search_app.alerts.post_office import PostOffice
from search_app.alerts.searched import Searched
from search_app.pages.search.results.card import town_line
from search_app.pages.search.results.sessions import session_to_show
from search_app.search.params.search_params import SearchParams
from search_app.search.passed import passed
from search_app.search.present.seat_lines import build_best_line, to_state
from search_app.search.results import OfferCard, SessionView
from search_app.text import wording
from search_app.text.wording import typeset


def build_digest(office: PostOffice, record: str, searched: Searched, frequency: Frequency, news: News) -> Letter:
    """Return the letter about the news of an alert."""
    what = _counted(news) if news.is_list else "du nouveau"
    request = news.search.request
    return Letter(
        subject=f"Boussole : {what}, {searched.brief}",
        heading=what[0].upper() + what[1:],
        asked=f"{SEARCHED}{searched.text}",
        paragraphs=tuple(_numbers(news)),
        entries=tuple(
            _entry(office, card, request.params, request.today, grown=card.key in news.grown) for card in news.offers
        ),
        action=Action(f"Voir {'toutes ' if news.is_list else ''}les offres de cette recherche",
                      office.search_link(searched.query)),
        closing=(typeset(f"Vous recevez cette alerte {HOW_OFTEN[frequency]}. {USED_FOR}"),),
        stop=stop_action(office, record),
    )  # fmt: skip


def _counted(news: News) -> str:
    """Return how many offers came; those that only got a session are no new ones."""
    if news.grown:
        return wording.counted(news.known, "offre nouvelle ou complétée", "offres nouvelles ou complétées")
    return wording.counted(news.known, "nouvelle offre", "nouvelles offres")


def _numbers(news: News) -> Iterator[str]:
    """Yield what is told by a number instead of a list."""
    if news.first:
        came = wording.counted(news.first, "offre répond", "offres répondent")
        yield typeset(f"Un nouveau catalogue vient d’être chargé : {came} à votre recherche.")
    if news.known and not news.is_list:
        yield f"{wording.counted(news.known, 'nouvelle offre répond', 'nouvelles offres répondent')} à votre recherche."


def _entry(office: PostOffice, card: OfferCard, params: SearchParams, today: date, *, grown: bool) -> Entry:
    session = session_to_show(card, params, today)
    place, funders = _place(card), ", ".join(wording.curved(funder.label) for funder in card.funders)
    over = session is not None and passed(session, card.entry, today.isoformat()) is not None
    lines = [
        *([Line("Nouveau", "une session de plus")] if grown else []),
        Line("Organisme", wording.provider_line(card.provider.name, card.trainer)),
        Line("Lieu", place or "à demander"),
        Line("Session" if over else "Prochaine session", _when(session, card, today) if session else "à demander"),
        Line("Places", _seats(session, params) if session else "à demander"),
        Line("Qui paie", funders or "à demander"),
    ]
    return Entry(card.title, f"{office.site}{card.url}", tuple(lines))


def _place(card: OfferCard) -> str | None:
    """Return the town and how far it is from the place of the search; a remote offer has neither."""
    if card.mode == "remote":
        return "à distance"
    town = town_line(card.place, with_department=True)
    return f"{town}, à {wording.kilometres(card.distance_km)}" if town and card.distance_km is not None else town


def _when(session: SessionView, card: OfferCard, today: date) -> str:
    """Return when the session is, and why one may be too late for it."""
    when = "entrée toute l’année" if card.entry == "permanent" else session.when
    state = to_state(session.recruiting) if session.recruiting in NOT_OPEN else None
    why = passed(session, card.entry, today.isoformat()) or (state and state.label)
    return f"{when} ({why.lower()})" if why else when


def _seats(session: SessionView, params: SearchParams) -> str:
    """Return the seats left with their funder and their age."""
    line = build_best_line(session.seats, params.funder)
    if line.age is None:
        return "à demander"
    text = "à demander" if line.available is None else line.text
    return typeset(f"{text} ({line.funder}, {line.age})")
