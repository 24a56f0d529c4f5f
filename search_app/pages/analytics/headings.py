"""The heading of a pivot, and the line that says what was searched."""

from collections.abc import Sequence
from typing import Final

from search_app.analytics.query import PivotQuery
from search_app.pages.analytics.asked.questions import PIVOT, question_at
from search_app.pages.analytics.figures import Kind
from search_app.pages.search.chips import place_text
from search_app.search.links import Pairs
from search_app.search.results import SearchResults
from search_app.text.wording import counted, typeset

TITLE: Final = "Pilotage des achats de formation"
MOST_NAMED: Final = 3  # measures in a heading


def build_heading(query: PivotQuery, pairs: Pairs, kinds: Sequence[Kind]) -> str:
    """Return what the table shows: the ready question, or its measures by rows and columns."""
    question = question_at(PIVOT, pairs)
    if question is not None:
        return question.text
    if not query.dimensions:
        return TITLE
    by = " et ".join(lowered(typeset(each.label)) for each in query.dimensions)
    return f"{_enumerated([kind.label for kind in kinds])} par {by}"


def _enumerated(labels: Sequence[str]) -> str:
    """Return labels as a text: « Offres, sessions et places restantes ».

    >>> _enumerated(["Offres"]), _enumerated(["Offres", "Sessions", "Prix"]), _enumerated(["a"] * 4)
    ('Offres', 'Offres, sessions et prix', 'Les chiffres')
    """
    if len(labels) > MOST_NAMED:
        return "Les chiffres"
    first, *others = labels
    lower = [lowered(label) for label in others]
    return " et ".join(filter(None, (", ".join((first, *lower[:-1])), *lower[-1:])))


def build_asked(query: PivotQuery, results: SearchResults) -> str:
    """Return the search in a line: how many offers, of where, of when."""
    params, place = query.search.params, results.place
    where = place_text(place) if place else ""
    texts = (counted(results.total, "offre", "offres"), where, "sessions à venir" if params.upcoming else "")
    return " · ".join(text for text in texts if text)


def lowered(label: str) -> str:
    """Return a label within a sentence: « Zone d’emploi » → « zone d’emploi »."""
    return label[:1].lower() + label[1:]
