"""The facets: one row each, from which all handling of the facet is derived (docs/adding-a-facet.md)."""

from search_app.search.facets.row import UNTOLD, Counting, Facet, Finer, FormGroup
from search_app.search.facets.table import FACETS
from search_app.search.facets.values import AtLeast, CodePattern, Codes, Texts

__all__ = [
    "FACETS", "UNTOLD", "AtLeast", "CodePattern", "Codes", "Counting", "Facet", "Finer", "FormGroup", "Texts",
]  # fmt: skip
