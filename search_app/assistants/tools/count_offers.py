"""``count_offers``: the offers of a search by the values of one facet."""

from collections.abc import Sequence
from typing import Final

from search_app.assistants.quotation import plain, quote, visible
from search_app.assistants.tools.answer import Answer, Arguments, Asked
from search_app.assistants.tools.arguments import fault_of, one_text, read_arguments
from search_app.assistants.tools.search_arguments import OF_COUNTS, address_of, read_search, site_lines
from search_app.assistants.understood_lines import head_lines
from search_app.base.errors import Fault
from search_app.search.facets import FACETS
from search_app.search.links import Pair
from search_app.search.results import FacetRow

BY: Final = {facet.param: facet.title for facet in FACETS}
ALLOWED: Final = ", ".join(BY)
# Values that a feed writes, as text or as the name behind a code.
WRITTEN: Final = ("programme", "market", "provider", "trainer")
MOST_ROWS: Final = 30
LONGEST_LABEL: Final = 80


async def count_offers(asked: Asked, arguments: Arguments) -> Answer:
    """Return the exact total of a search, and its offers by the values of ``by``; its own filter does not hide them."""
    pairs, faults = read_arguments(arguments, (*OF_COUNTS, "by"))
    by = _by(pairs, faults)
    given = [pair for pair in pairs if pair[0] != "by"]
    search = read_search(asked, given, OF_COUNTS, faults)
    results = await asked.services.search(search.with_params(facets=(by,), size=1))
    rows = results.facets[by]
    lines = head_lines(search, results)
    lines.append(f"Offres par {BY[by].lower()} ({by}), sans le filtre {by} ; une offre peut compter plusieurs fois :")
    lines += [_line(by, row) for row in rows[:MOST_ROWS]] or ["Aucune valeur."]
    if len(rows) > MOST_ROWS:
        lines.append(f"Et d’autres valeurs, moins fréquentes : {len(rows) - MOST_ROWS} au moins.")
    url = address_of(asked, search)
    values = {"total": results.total, "by": by, "url": url, "rows": _values(rows)}
    return Answer([*map(visible, lines), *site_lines(url)], values)


def _by(pairs: Sequence[Pair], faults: list[Fault]) -> str:
    """Return the name of the facet; adds the fault of an unknown one to ``faults``, which are raised together."""
    by = one_text(pairs, "by", ALLOWED)
    if by not in BY:
        faults.append(fault_of("by", ALLOWED, "cette valeur n’est pas dans la liste"))
    return by


def _line(by: str, row: FacetRow) -> str:
    label = quote(row.label, LONGEST_LABEL) if by in WRITTEN else plain(row.label, LONGEST_LABEL)
    value = plain(row.value, LONGEST_LABEL)
    return f"{label} : {row.count}" if row.value == row.label else f"{value} {label} : {row.count}"


def _values(rows: Sequence[FacetRow]) -> list[dict[str, str | int]]:
    return [
        {"value": plain(row.value, LONGEST_LABEL), "label": plain(row.label, LONGEST_LABEL), "count": row.count}
        for row in rows[:MOST_ROWS]
    ]
