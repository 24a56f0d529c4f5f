"""``recherche``: a form whose results open on the site; it needs neither the engine nor loaded data."""

from dataclasses import dataclass
from typing import Final

from search_app.base.errors import BadParameters
from search_app.pages.widgets.frame import ALL_OFFERS, UPCOMING, Frame
from search_app.pages.widgets.theme import split_theme
from search_app.search.links import Pairs, from_form, to_pairs, without
from search_app.search.params import PARAMETERS
from search_app.search.params.parse import parse_params
from search_app.text import wording

LABELS: Final = {"q": "Quelle formation ?", "place": "Où ?"}


@dataclass(frozen=True, slots=True)
class Field:
    """A text field, with what it begins with."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SearchFrame(Frame):
    """The context of ``recherche``; ``hidden`` are the conditions that a search begins with."""

    fields: tuple[Field, ...]
    hidden: Pairs


def build_search_frame(pairs: Pairs) -> SearchFrame:
    """Return the form of an address: words and place stand in its fields; raises BadParameters."""
    theme, others, faults = split_theme(pairs)
    searched = tuple(pair for pair in without(from_form(others), "page", "size") if pair[0] in PARAMETERS)
    try:
        params = parse_params(searched)
    except BadParameters as error:
        raise BadParameters([*faults, *error.faults]) from error
    if faults:
        raise BadParameters(faults)
    asked_for_past = any(name == "upcoming" for name, _ in searched) and not params.upcoming
    kept = without(to_pairs(params), *LABELS, "upcoming")
    values = {"q": params.q, "place": params.place or ""}
    return SearchFrame(
        title="Trouver une formation",
        theme=theme,
        more=ALL_OFFERS,
        fields=tuple(Field(name, wording.typeset(label), values[name]) for name, label in LABELS.items()),
        hidden=kept if asked_for_past else (*UPCOMING, *kept),
    )
