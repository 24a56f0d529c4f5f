"""The selected facets of one request: they narrow its hits, and the counts of every other facet."""

from typing import Any, Final

from search_app.search.facets import FACETS, Counting, Facet
from search_app.search.query.filters import Clause, facet_filters
from search_app.search.query.purchases import line_clauses, wanted_of
from search_app.search.query.request import SearchRequest
from search_app.search.query.session_counts import Rows
from search_app.search.query.sessions import SessionConditions, under_of

# Each of these leaves out a part of the session conditions, the others leave out none.
_ON_SESSIONS: Final = tuple(facet for facet in FACETS if facet.counting not in (Counting.OFFERS, Counting.LINES))
(_FUNDER,) = (facet for facet in FACETS if facet.counting is Counting.FUNDERS)


class Narrowing:
    """The clauses of all selected facets, each built once per request."""

    def __init__(self, request: SearchRequest) -> None:
        self._params = request.params
        self._filters = facet_filters(request.params)
        self._on_lines = line_clauses(wanted_of(request.params))  # one clause: it holds for the same funder line
        self._all = request.conditions
        self._payment = request.payment if request.pays_some else None
        self._chosen: dict[SessionConditions, list[Clause]] = {}
        self._remaining: dict[str, SessionConditions] = {}
        self.base = self._without(_ON_SESSIONS)  # no facet leaves them out: they are part of the query

    def conditions(self, without: Facet | None = None) -> SessionConditions:
        """Return the session conditions, or those that remain when a facet leaves its own out."""
        if without not in _ON_SESSIONS:
            return self._all
        if without.param not in self._remaining:
            self._remaining[without.param] = self._without((without,))
        return self._remaining[without.param]

    def _without(self, facets: tuple[Facet, ...]) -> SessionConditions:
        if not self._all.any_set:  # without conditions nothing remains
            return self._all
        return self._all.without(facets)

    def count_rows(self, name: str, rows: Rows, told: dict[str, Any]) -> dict[str, Any]:
        """Return the aggregations, by that name, that count the offers with a session that meets the conditions of each
        row, and by which they have a chosen value of payment. ``told`` counts the same, whatever pays.
        """
        if self._payment is None or self._payment.is_settled(under_of(rows.values())):
            return {name: told}
        return self._payment.count_rows(name, rows, told)

    def meets(self, conditions: SessionConditions) -> list[Clause]:
        """Return the clauses of conditions on sessions, and of the chosen values of payment by such sessions."""
        return conditions.query() + self._paid(conditions)

    def _paid(self, conditions: SessionConditions) -> list[Clause]:
        """Return the clause of the chosen values of payment, worked out once for the same conditions."""
        if self._payment is None:
            return []
        if conditions not in self._chosen:
            self._chosen[conditions] = self._payment.chosen(conditions)
        return self._chosen[conditions]

    def clauses(self, without: Facet | None = None, *, paid: bool = True) -> list[Clause]:
        """Return the clauses of all selected facets (for post_filter), or of all but one; payment is one of them, and
        left out unless ``paid``.
        """
        left_out = without.param if without else None
        clauses = [clause for name, clause in self._filters.items() if name != left_out]
        on_lines = self._on_lines
        if without is not None and without.on_line and on_lines:
            on_lines = line_clauses(wanted_of(self._params, without))
        conditions = self.conditions(without)
        chosen = self._paid(conditions) if paid else []
        return on_lines + clauses + self._beyond_base(conditions) + chosen

    def all_but_one(self) -> list[Clause]:
        """Return the clause that excludes offers that fail two selected facets: no hit and no count needs them.

        A facet's counts leave out its own filter only, so an offer that fails two facets is in none of them. The
        session facets count as one here: their conditions hold for the same session. So do those of funder lines. What
        pays for a person is none of them: fewer conditions on sessions change an offer's value.
        """
        chosen = [*self._on_lines, *self._filters.values(), *self._beyond_base(self.conditions(without=_FUNDER))]
        if len(chosen) < 2:
            return []
        return [{"bool": {"should": chosen, "minimum_should_match": len(chosen) - 1}}]

    def _beyond_base(self, conditions: SessionConditions) -> list[Clause]:
        return conditions.query() if conditions != self.base else []
