"""The parameters of the census: one row each, from which parsing, OpenAPI and form are derived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mappings.codes import department_labels, region_labels
from search_app.base.errors import Fault
from search_app.census.labels import GAP_LABELS, OFFERS_LABELS, QUALIOPI_LABELS, SORT_LABELS, STATE_LABELS
from search_app.search.params import PARAMETERS, Parameter, SearchParams
from search_app.search.params.parameter import choice, code
from search_app.search.params.parse import read_fields
from search_app.search.params.search_params import DEFAULT_RADIUS_KM, DEFAULT_SIZE
from search_app.search.params.values import text_reader

LONGEST_NAME: Final = 300
_OF_SEARCH: Final = ("place", "lat", "lon", "radius", "page", "size")  # the same parameters as the search's
WHERE: Final = "un établissement y est ; si aucun n’est situé, une de ses offres."

_ROWS: Final = (
    Parameter(
        "q", text_reader(LONGEST_NAME), f"{LONGEST_NAME} caractères au plus",
        "Nom, sigle, ville ; ou SIREN, SIRET, numéro de déclaration d’activité (ancien ou actuel).",
        {"type": "string", "maxLength": LONGEST_NAME}, False, "greta toulouse",
    ),
    *(PARAMETERS[name] for name in _OF_SEARCH[:4]),
    choice("region", region_labels(), f"Code INSEE de région : {WHERE}", example="76"),
    choice("department", department_labels(), f"Code INSEE de département : {WHERE}", example="81"),
    code("domain", r"\d{3}(\d{2})?", "cinq chiffres (Formacode), ou trois pour tout un domaine",
         "A une offre de ce domaine ; avec offers=upcoming, une offre à venir.", "230"),
    choice("qualiopi", QUALIOPI_LABELS,
           "Certification dans la liste publique ; any : certifié, quelle que soit la catégorie.", example="action"),
    choice("state", STATE_LABELS, "active : dans la liste publique et non fermé.", example="active"),
    choice("offers", OFFERS_LABELS, "Offres dont l’organisme est responsable.", example="upcoming"),
    choice("gap", GAP_LABELS, "Question ouverte : la liste publique et le catalogue diffèrent.", example="not-listed"),
    choice("sort", SORT_LABELS, "Ordre : relevance par défaut avec q, name sinon.", many=False, example="offers"),
    *(PARAMETERS[name] for name in _OF_SEARCH[4:]),
)  # fmt: skip
VOCABULARY: Final[Mapping[str, Parameter]] = {row.name: row for row in _ROWS}
FACETS: Final[Mapping[str, Mapping[str, str]]] = {
    "state": STATE_LABELS,
    "qualiopi": QUALIOPI_LABELS,
    "offers": OFFERS_LABELS,
    "region": region_labels(),
    "department": department_labels(),
    "gap": GAP_LABELS,
}
FACET_TITLES: Final[Mapping[str, str]] = {
    "state": "Situation", "qualiopi": "Certification Qualiopi", "offers": "Offres", "region": "Région",
    "department": "Département", "gap": "Question ouverte",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CensusParams:
    """All parameters of the census, checked and typed; an empty tuple or None is a missing parameter."""

    q: str = ""
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius: float = DEFAULT_RADIUS_KM
    region: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    qualiopi: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    gap: tuple[str, ...] = ()
    sort: str | None = None
    page: int = 1
    size: int = DEFAULT_SIZE

    @property
    def effective_sort(self) -> str:
        """Return the order: relevance with words, else by name, unless one was requested."""
        return self.sort or ("relevance" if self.q else "name")

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the selected values of a facet."""
        values: tuple[str, ...] = getattr(self, name)
        return values

    def to_place(self) -> SearchParams:
        """Return the parameters of a search around the same place."""
        return SearchParams(place=self.place, lat=self.lat, lon=self.lon, radius=self.radius)


def read_census(pairs: Iterable[tuple[str, str]], *, ignore_unknown: bool = False) -> tuple[CensusParams, list[Fault]]:
    """Return the parameters that could be read, and every fault."""
    given, faults = read_fields(pairs, VOCABULARY, ignore_unknown=ignore_unknown)
    return CensusParams(**given), faults


def to_pairs(params: CensusParams) -> tuple[tuple[str, str], ...]:
    """Return the given parameters in the order of the vocabulary, without the page."""
    default, pairs = CensusParams(), []
    for name in VOCABULARY:
        value = getattr(params, name)
        if name == "page" or value == getattr(default, name):
            continue
        if isinstance(value, tuple):
            pairs += [(name, text) for text in value]
        else:
            pairs.append((name, f"{value:g}" if isinstance(value, float) else str(value)))
    return tuple(pairs)
