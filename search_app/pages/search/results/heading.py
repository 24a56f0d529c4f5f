"""The heading of a list of results: what was searched, and how many offers there are."""

from search_app.pages.search.chips import CHOSEN_POINT
from search_app.pages.search.results.parts import presence_text
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import SearchResults
from search_app.text import wording
from search_app.text.wording import curved


def build_heading(search: ResolvedSearch, results: SearchResults) -> str:
    """Return what was searched: « Aide-soignant près de Castres »."""
    params, place = search.params, results.place
    words = build_subject(search, results)
    if place is None:
        return words
    if not (params.q or params.rncp):
        words = "Formations"
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
    if searched:
        return wording.typeset(searched[:1].upper() + searched[1:])
    return _certification(search) or "Toutes les formations"


def build_count(results: SearchResults) -> str:
    """Return the numbers: « 2 sur place, 28 à distance »; with trainings, theirs first."""
    if not results.total:
        return "Aucune offre"
    offers = wording.counted(results.total, "offre", "offres")
    if results.presence is not None:
        offers = presence_text(results.presence)
    if results.trainings is None:
        return offers
    return f"{wording.counted(results.trainings, 'formation', 'formations')}, {offers}"


def _certification(search: ResolvedSearch) -> str:
    """Return the name of the one certification of a search, an empty text if there is none or several."""
    if len(search.params.rncp) > 1:
        return "Plusieurs certifications"
    if not search.params.rncp:
        return ""
    (code,) = search.params.rncp
    label = search.snapshot.certification(code)
    if label is None:
        return f"Code inconnu{wording.NBSP}: RNCP{code}"
    return f"{curved(label)} (RNCP{code})" if label else f"Certification RNCP{code}"
