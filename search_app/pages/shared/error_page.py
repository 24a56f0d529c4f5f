"""Error pages in the common layout; they need neither the engine nor loaded data."""

from dataclasses import dataclass
from typing import Final

from search_app.base.errors import AppError, BadParameters, UnknownOffer
from search_app.pages.search.fields import TextField
from search_app.pages.search.form import LABELS, named_fault
from search_app.pages.shared.layout import Freshness, Layout, Page
from search_app.text import wording

HEADINGS: Final = {
    400: "Cette adresse contient une erreur",
    404: "Cette page n’existe pas",
    405: "Cette page ne répond pas à cette demande",
    408: "Cette demande est arrivée trop lentement",
    413: "Cette demande est trop longue",
    415: "Cette demande n’a pas la forme attendue",
    429: "Trop de demandes à la fois",
    500: "Une erreur est survenue de notre côté",
    503: "La recherche est momentanément indisponible",
}
ADVICE: Final = {
    400: "Vérifiez l’adresse, ou repartez d’une nouvelle recherche.",
    404: "L’adresse est peut-être incomplète ou mal copiée.",
    405: "Repartez de la page d’accueil.",
    408: "Recommencez dans un instant.",
    413: "Retirez des mots ou des filtres, puis recommencez.",
    415: "Repartez de la page qui contient le formulaire.",
    429: "Rien n’est perdu : rechargez cette page dans quelques secondes.",
    500: "L’erreur a été notée. Recommencez dans un moment ; si elle revient, dites-nous ce que vous faisiez.",
    503: "Rien n’est perdu : votre demande est dans l’adresse de cette page, rechargez-la dans quelques instants.",
}
POSTED_ADVICE: Final = "Revenez à la page précédente, et renvoyez vos réponses dans quelques instants."
UNKNOWN_OFFER: Final = "Cette offre n’existe pas"
NO_SUCH_OFFER: Final = (
    "L’adresse est peut-être incomplète ou mal copiée, ou l’offre a quitté le catalogue il y a longtemps. Une "
    "recherche donne les offres d’aujourd’hui."
)


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """The error and its remedy; ``retry`` is the address to try again, ``search`` a search field."""

    status: int
    heading: str
    message: str | None
    advice: str
    faults: tuple[str, ...]
    retry: str | None
    search: TextField | None


def build_error_page(error: AppError, address: str, freshness: Freshness | None, *, posted: bool = False) -> ErrorPage:
    """Return the error page of this address (path and query); what was ``posted`` is not in it, to be tried again."""
    heading, advice = _words(error)
    may_retry = error.status in (429, 500, 503)
    if posted and may_retry:
        advice = POSTED_ADVICE
    faults = tuple(named_fault(fault) for fault in error.faults) if isinstance(error, BadParameters) else ()
    # Internal causes are only logged.
    message = wording.typeset(error.message) if error.status < 500 or error.status == 503 else None
    return ErrorPage(
        layout=Layout(heading, indexed=False, freshness=freshness),
        status=error.status,
        heading=heading,
        message=message,
        advice=wording.typeset(advice),
        faults=faults,
        retry=address if may_retry and not posted else None,
        search=TextField("q", wording.typeset(LABELS["q"]), "") if error.status == 404 else None,
    )


def _words(error: AppError) -> tuple[str, str]:
    """Return the sentences on the error and its remedy."""
    if isinstance(error, UnknownOffer):
        return UNKNOWN_OFFER, NO_SUCH_OFFER
    return HEADINGS.get(error.status, HEADINGS[500]), ADVICE.get(error.status, ADVICE[500])
