"""The heading of a list of results: what was searched, and how many offers there are."""

import re
from typing import Final

from search_app.pages.search.chips import CHOSEN_POINT
from search_app.pages.search.results.parts import presence_text
from search_app.search.facets import UNTOLD
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from search_app.text import wording
from search_app.text.wording import curved

EVERYTHING: Final = "Toutes les formations"
SUBJECTS: Final = ("rome", "domain")  # facets of which one chosen value says what is searched
# « formation pour être aide-soignante »: the heading names the job
_ASKING: Final = re.compile(
    r"(?:(?:une|des|la|les) )?formations? (?:pour (?:etre|être|devenir) |d(?:e |['’]))(?=\w)", re.I
)


def build_heading(search: ResolvedSearch, results: SearchResults) -> str:
    """Return what was searched: « Aide-soignant près de Castres »."""
    params, place = search.params, results.place
    words = build_subject(search, results)
    if place is None:
        return words
    if words == EVERYTHING:
        words = "Formations"
    if params.remote == "only":
        return f"{words} à distance"
    if place.kind == "point":
        return f"{words} {CHOSEN_POINT}"
    # No table has the articles of départements and régions (dans le Tarn, en Occitanie).
    if place.radius is None:
        return f"{words}{wording.NBSP}: {place.label}"
    return f"{words} près {wording.of(place.label)}"


def build_subject(search: ResolvedSearch, results: SearchResults) -> str:
    """Return what was searched without its place: the words, corrected, or the name of a certification."""
    understood = results.understood
    searched = understood.words if understood and understood.corrections else search.params.q
    searched = _ASKING.sub("", searched, count=1) if _ASKING.match(searched) else searched
    if searched:
        return wording.typeset(searched[:1].upper() + searched[1:])
    return _certification(search) or _only_choice(search, results) or EVERYTHING


def build_count(results: SearchResults) -> str:
    """Return the numbers: « 2 sur place, 28 à distance »; with trainings, theirs first."""
    if not results.total:
        return "Aucune offre"
    offers = wording.counted(results.total, "offre", "offres")
    if results.presence is not None:
        offers = presence_text(results.presence)
    if results.trainings is None:
        return offers
    return f"{wording.counted(results.trainings, 'formation', 'formations')}, {offers[:1].lower()}{offers[1:]}"


def _only_choice(search: ResolvedSearch, results: SearchResults) -> str:
    """Return the name of the one training, job or domain that a search without words chose, if it is the only one."""
    params = search.params
    if len(params.training) == 1 and results.results:
        return wording.typeset(results.results[0].title)
    chosen = [(facet, value) for facet in SUBJECTS for value in params.chosen(facet)]
    if len(chosen) != 1:
        return ""
    ((facet, value),) = chosen
    return curved(search.snapshot.label(facet, value))


def _certification(search: ResolvedSearch) -> str:
    """Return the name of the one certification of a search, an empty text if there is none or several."""
    if len(search.params.rncp) > 1:
        return "Plusieurs certifications"
    if not search.params.rncp:
        return ""
    (code,) = search.params.rncp
    if code == UNTOLD:
        return "Formations sans certification RNCP"
    label = search.snapshot.certification(code)
    if label is None:
        return f"Code inconnu{wording.NBSP}: RNCP{code}"
    return f"{curved(label)} (RNCP{code})" if label else f"Certification RNCP{code}"
