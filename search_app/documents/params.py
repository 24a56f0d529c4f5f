"""The parameters of a search of documents: one row each, from which parsing, OpenAPI and form are derived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mappings.codes import FUNDER_LABELS, department_labels, region_labels
from search_app.base.errors import Fault
from search_app.documents.labels import KIND_LABELS
from search_app.search.params import PARAMETERS, Parameter, SearchParams
from search_app.search.params.parameter import choice, code, text
from search_app.search.params.parse import read_fields
from search_app.search.params.search_params import DEFAULT_SIZE
from search_app.search.params.values import read_rncp, text_reader

LONGEST_QUERY: Final = 300
LONGEST_PUBLISHER: Final = 300
LONGEST_PLACE: Final = 100

_ROWS: Final = (
    Parameter(
        "q", text_reader(LONGEST_QUERY), f"{LONGEST_QUERY} caractères au plus",
        "Mots cherchés ; ou un numéro : RNCP, ROME, Formacode, NOR, ELI, ISBN.",
        {"type": "string", "maxLength": LONGEST_QUERY}, False, "compte personnel de formation",
    ),
    Parameter(
        "place", text_reader(LONGEST_PLACE), PARAMETERS["place"].allowed,
        "Ce qui concerne ce lieu : son département, ou toute sa région. Sans les documents nationaux.",
        {"type": "string", "maxLength": LONGEST_PLACE}, False, "Albi",
    ),
    choice("kind", KIND_LABELS, "Nature du document.", example="sheet"),
    text("publisher", LONGEST_PUBLISHER, "Éditeur, tel que la source l’écrit.", "Carif-Oref Occitanie"),
    choice("region", region_labels(), "Code INSEE de région.", example="76"),
    choice("department", department_labels(), "Code INSEE de département.", example="81"),
    code("domain", r"\d{3}(\d{2})?", "cinq chiffres (Formacode), ou trois pour tout un domaine",
         "Domaine : Formacode, ou ses trois premiers chiffres.", "230"),
    code("rome", r"[A-N]\d{4}", "une lettre de A à N et quatre chiffres", "Métier : code ROME.", "H2913"),
    Parameter(
        "rncp", read_rncp, "un code RNCP, par exemple RNCP38565", "Certification inscrite au RNCP.",
        {"type": "string", "pattern": r"^([Rr][Nn][Cc][Pp]\s?)?\d{1,8}$"}, True, "RNCP38565",
    ),
    choice("funder", FUNDER_LABELS, "Code de financeur LHEO.", example="2"),
    PARAMETERS["page"],
    PARAMETERS["size"],
)  # fmt: skip
VOCABULARY: Final[Mapping[str, Parameter]] = {row.name: row for row in _ROWS}
PAGING: Final = ("page", "size")


@dataclass(frozen=True, slots=True)
class DocumentParams:
    """All parameters, checked and typed; an empty tuple or None is a missing parameter."""

    q: str = ""
    place: str | None = None
    kind: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    rncp: tuple[str, ...] = ()
    funder: tuple[str, ...] = ()
    page: int = 1
    size: int = DEFAULT_SIZE

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the selected values of a facet."""
        values: tuple[str, ...] = getattr(self, name)
        return values

    def to_place(self) -> SearchParams:
        """Return the parameters of a search in the same place."""
        return SearchParams(place=self.place)


def read_documents(
    pairs: Iterable[tuple[str, str]], *, ignore_unknown: bool = False, paged: bool = True
) -> tuple[DocumentParams, list[Fault]]:
    """Return the parameters that could be read, and every fault; what is not ``paged`` takes neither page nor size."""
    vocabulary = {name: row for name, row in VOCABULARY.items() if paged or name not in PAGING}
    given, faults = read_fields(pairs, vocabulary, ignore_unknown=ignore_unknown)
    return DocumentParams(**given), faults


def to_pairs(params: DocumentParams) -> tuple[tuple[str, str], ...]:
    """Return the given parameters in the order of the vocabulary, without the page."""
    default = DocumentParams()
    pairs: list[tuple[str, str]] = []
    for name in VOCABULARY:
        value = getattr(params, name)
        if name == "page" or value == getattr(default, name):
            continue
        pairs += [(name, each) for each in value] if isinstance(value, tuple) else [(name, str(value))]
    return tuple(pairs)
