"""A stored search in words, as letters and pages about it say."""

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from search_app.base.errors import BadForm
from search_app.pages.search.chips import build_chips
from search_app.search.facets import FACETS
from search_app.search.links import to_pairs
from search_app.search.params.search_params import SearchParams
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import FacetRow
from search_app.search.service import Services

MOST_QUERY: Final = 800  # bytes: its address must fit into a line of a mail, which has 998
PLAIN: Final = re.compile(r"[!$-;=?-~]+")  # an address as it is: printable ASCII without spaces, quotes, #, < and >
MOST_WORDS: Final = 80
# In a letter to somebody who may never have asked for it: no words that a mail program would make a link of.
NOT_A_WORD: Final = re.compile(r"[^\w\s'’+#&-]|_")
EVERYTHING: Final = "Toutes les offres"
MOST_PAIRS: Final = 200


@dataclass(frozen=True, slots=True)
class Searched:
    """A search that an alert repeats: its query string as it is stored, and what it means today."""

    query: str
    search: ResolvedSearch
    text: str
    brief: str


def canonical_query(text: str) -> str:
    """Return a given query string as it is stored: unchanged if it can stand in an address; raises BadForm.

    >>> canonical_query("?q=soudeur&place=Saint-%C3%89tienne"), canonical_query("q=a é")
    ('q=soudeur&place=Saint-%C3%89tienne', 'q=a+%C3%A9')
    >>> canonical_query("q=C#&funder=2")  # or the rest would be no part of the address in a mail
    'q=C%23&funder=2'
    """
    text = text.strip().removeprefix("?")
    try:
        pairs = parse_qsl(text, max_num_fields=MOST_PAIRS)
    except ValueError:
        pairs = []
    query = text if PLAIN.fullmatch(text) else urlencode(pairs, errors="replace")
    if not pairs or len(query) > MOST_QUERY:
        raise BadForm("Cette recherche ne peut pas faire l’objet d’une alerte : elle est vide ou trop longue.")
    return query


def read_searched(services: Services, query: str) -> Searched:
    """Return a stored search as it is understood today; raises BadParameters, NothingLoaded."""
    search = services.read_search(parse_qsl(query, max_num_fields=MOST_PAIRS), ignore_unknown=True)
    texts = _texts(search)
    return Searched(query, search, ", ".join(texts) or EVERYTHING, ", ".join(texts[:2]) or EVERYTHING.lower())


def _texts(search: ResolvedSearch) -> list[str]:
    params = replace(search.params, q=_words(search.params.q))
    facets = {facet.param: _rows(search, facet.param, params) for facet in FACETS}
    chips = build_chips(params, to_pairs(search.params), search.place, facets)
    return [f"{chip.kind.lower()} : {chip.text}" if chip.shown_kind else chip.text for chip in chips]


def _rows(search: ResolvedSearch, name: str, params: SearchParams) -> list[FacetRow]:
    """Return rows with the labels of the chosen values of a facet."""
    return [FacetRow(value, search.snapshot.label(name, value), 0, True) for value in params.chosen(name)]


def _words(words: str) -> str:
    """Return typed words without what could be an address or a command.

    >>> _words("soudeur http://evil.example/?a=1"), _words("C++ & C#")
    ('soudeur http evil example a 1', 'C++ & C#')
    """
    plain = " ".join(NOT_A_WORD.sub(" ", words).split())
    return plain if len(plain) <= MOST_WORDS else plain[: MOST_WORDS - 1].rstrip() + "…"
