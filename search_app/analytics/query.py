"""A pivot as requested: the parameters of the search and those of the pivot, with every fault reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from search_app.analytics.dimensions import DIMENSIONS, LABELS, UNTOLD, Dimension
from search_app.analytics.measures import DEFAULT, MEASURES, Measure
from search_app.base.errors import Fault
from search_app.search.params import PARAMETERS, Parameter, refuse
from search_app.search.params.parameter import choice, integer
from search_app.search.params.parse import read_fields
from search_app.search.params.search_params import SearchParams
from search_app.search.resolved import ResolvedSearch
from search_app.search.service import Services

DEFAULT_SIZE: Final = 20
LARGEST_SIZE: Final = 100
LARGEST_PAGE: Final = 10_000
BY_LABEL: Final = "label"
COMPARISONS: Final = {"year": "un an plus tôt", "previous": "la période précédente"}
_MEASURE_LABELS: Final = {name: row.label for name, row in MEASURES.items()}

OWN: Final[Mapping[str, Parameter]] = {
    row.name: row
    for row in (
        choice("rows", LABELS, "Dimension des lignes ; sans elle, les totaux seuls.", many=False, example="region"),
        choice("columns", LABELS, "Dimension des colonnes.", many=False, example="funder"),
        choice("measure", _MEASURE_LABELS, f"Mesures ; {', '.join(DEFAULT)} par défaut.", example="left"),
        choice("sort", {**_MEASURE_LABELS, BY_LABEL: "libellé"},
               "Ordre des lignes : une mesure (décroissante) ou label ; offers par défaut, le temps pour des périodes.",
               many=False, example="left"),
        integer("page", 1, LARGEST_PAGE, "Page de lignes, à partir de 1.", "1"),
        integer("size", 1, LARGEST_SIZE, f"Lignes par page ; {DEFAULT_SIZE} par défaut.", "20"),
        choice("empty", {"show": "afficher"}, "show : aussi les lignes, colonnes et cases sans offre.", many=False,
               example="show"),
        choice("compare", COMPARISONS,
               "Compare avec la fenêtre de début déplacée : un an plus tôt, ou la période précédente.",
               many=False, example="year"),
    )
}  # fmt: skip
# Parameters of result pages, accepted and ignored; ``sort``, ``page`` and ``size`` are those of the rows.
IGNORED: Final = frozenset(("group", "facet_size", "facets", "explain"))
VOCABULARY: Final[Mapping[str, Parameter]] = {**PARAMETERS, **OWN}


@dataclass(frozen=True, slots=True)
class PivotQuery:
    """A pivot over a resolved search; ``sort`` is a measure or BY_LABEL, None for the order by time."""

    search: ResolvedSearch
    rows: Dimension | None = None
    columns: Dimension | None = None
    measures: tuple[Measure, ...] = tuple(MEASURES[name] for name in DEFAULT)
    sort: str | None = "offers"
    page: int = 1
    size: int = DEFAULT_SIZE
    show_empty: bool = False
    compare: str | None = None

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Return the dimensions of rows and columns."""
        return tuple(each for each in (self.rows, self.columns) if each is not None)

    @property
    def counted(self) -> tuple[Measure, ...]:
        """Return the measures that must be counted: those of the answer, and that of the order."""
        order = MEASURES.get(self.sort or "")
        return self.measures if order is None or order in self.measures else (*self.measures, order)


def read_pivot_query(
    services: Services, pairs: Iterable[tuple[str, str]], *, ignore_unknown: bool = False
) -> PivotQuery:
    """Return the pivot of the pairs of an address; raises BadParameters with every fault, NothingLoaded."""
    given, faults = read_fields(pairs, VOCABULARY, ignore_unknown=ignore_unknown)
    own = {name: given.pop(name) for name in OWN if name in given}
    params = SearchParams(**{name: value for name, value in given.items() if name not in IGNORED})
    faults += _dimension_faults(own, params) + _compare_faults(own, params)
    search = services.resolve(params, faults=faults)
    refuse(_dimension_faults(own, search.params))  # words may be filters, too
    return _to_query(own, search)


def _to_query(own: Mapping[str, Any], search: ResolvedSearch) -> PivotQuery:
    rows = DIMENSIONS.get(own.get("rows", ""))
    default = None if rows is not None and rows.is_period else "offers"
    return PivotQuery(
        search,
        rows,
        DIMENSIONS.get(own.get("columns", "")),
        tuple(MEASURES[name] for name in own.get("measure", DEFAULT)),
        own.get("sort", default),
        own.get("page", 1),
        own.get("size", DEFAULT_SIZE),
        "empty" in own,
        own.get("compare"),
    )


def _dimension_faults(own: Mapping[str, Any], params: SearchParams) -> list[Fault]:
    """Return the faults of dimensions that exclude each other, or a filter of the search."""
    rows, columns = own.get("rows"), own.get("columns")
    faults = []
    if rows and rows == columns:
        others = ", ".join(name for name in LABELS if name != rows)
        faults.append(_fault("columns", rows, others, "cette dimension est déjà celle des lignes"))
    elif rows and columns and DIMENSIONS[rows].param == DIMENSIONS[columns].param:
        others = ", ".join(each.name for each in DIMENSIONS.values() if each.param != DIMENSIONS[rows].param)
        why = f"{rows} et {columns} portent sur le même paramètre ({DIMENSIONS[rows].param})"
        faults.append(_fault("columns", columns, others, why))
    exact = [code for code in params.chosen("domain") if len(code) == 5]
    for name in ("rows", "columns"):
        if own.get(name) == "domain" and exact:
            why = f"le filtre domain a un code de cinq chiffres ({', '.join(exact)}), et les lignes en ont trois"
            faults.append(_fault(name, "domain", "formacode, ou un filtre domain de trois chiffres", why))
    return faults


def _compare_faults(own: Mapping[str, Any], params: SearchParams) -> list[Fault]:
    """Return the fault of a comparison without the window that it moves."""
    compare = own.get("compare")
    ends = (params.start_from, params.start_to)
    if compare == "previous" and None in ends:
        return [_fault("compare", compare, "start_from et start_to avec compare=previous", "il manque la fenêtre")]
    if compare == "year" and ends == (None, None):
        return [_fault("compare", compare, "start_from ou start_to avec compare=year", "il manque la fenêtre")]
    return []


def _fault(name: str, value: str, allowed: str, why: str) -> Fault:
    message = f"{name} : {why} (reçu : « {value} » ; possible : {allowed})."
    plain = f"{why} (possible : {allowed})."
    return Fault(name, value, allowed, message, plain)


def chosen_values(params: SearchParams, dimension: Dimension) -> Sequence[str] | None:
    """Return the values of a dimension that the search keeps, None for all; UNTOLD is that of what has no value."""
    values = getattr(params, dimension.param, ()) if not dimension.is_period else ()
    if isinstance(values, bool):
        values = ("true",) if values else ()
    return tuple(values) or None


def takes_untold(chosen: Sequence[str] | None) -> bool:
    """Tell whether what has no value of a dimension is among the chosen."""
    return chosen is None or UNTOLD in chosen
