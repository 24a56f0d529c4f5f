"""Query parameters: one table row each, one value object, every fault reported at once."""

from search_app.search.params.parameter import Parameter
from search_app.search.params.parse import parse_params, refuse, unknown_faults
from search_app.search.params.search_params import SearchParams
from search_app.search.params.table import PARAMETERS

__all__ = ["PARAMETERS", "Parameter", "SearchParams", "parse_params", "refuse", "unknown_faults"]
