"""``GET /api/v1/suggest``: completions of the letters typed so far; ``suggest.opensearch`` for browsers."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.errors import Fault
from search_app.base.responses import cacheable, json_response, to_bytes
from search_app.base.site_address import site_address
from search_app.search.links import address
from search_app.search.params import Parameter, refuse
from search_app.search.params.parse import read_fields
from search_app.search.params.table import LONGEST_QUERY
from search_app.search.params.values import integer_reader, text_reader
from search_app.search.service import services_of
from search_app.search.suggest.entries import GROUPS

PATH: Final = "/api/v1/suggest"
OPENSEARCH: Final = "/api/v1/suggest.opensearch"
OPENSEARCH_TYPE: Final = "application/x-suggestions+json"
DEFAULT_SIZE: Final = 5
LARGEST_SIZE: Final = 20

# The limit of ``q`` in a search: typing on after a suggestion must not be an error.
_TEXT: Final = Parameter(
    "q", text_reader(LONGEST_QUERY), f"un texte de 1 à {LONGEST_QUERY} caractères",
    "Début d’un ou de plusieurs mots, dans n’importe quel ordre ; rien n’est proposé avant la deuxième lettre.",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY}, False, "soud",
)  # fmt: skip
_SIZE: Final = Parameter(
    "size", integer_reader(1, LARGEST_SIZE), f"un nombre entier de 1 à {LARGEST_SIZE}",
    f"Propositions par groupe ; {DEFAULT_SIZE} par défaut.",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE}, False, "5",
)  # fmt: skip
VOCABULARY: Final[Mapping[str, Parameter]] = {row.name: row for row in (_TEXT, _SIZE)}


OPENSEARCH_VOCABULARY: Final[Mapping[str, Parameter]] = {_TEXT.name: _TEXT}
_KINDS: Final = {
    "titles": "Formation", "jobs": "Métier", "domains": "Domaine", "certifications": "Certification",
    "providers": "Organisme",
}  # fmt: skip


def suggest_routes() -> list[Route]:
    """Return the routes of the suggestions."""
    return [Route(PATH, suggest), Route(OPENSEARCH, suggest_opensearch)]


async def suggest(request: Request) -> Response:
    """Trainings, jobs, domains, certifications and providers that begin with ``q``, by group."""
    fields = _read(request, VOCABULARY)
    suggester = services_of(request).reference.known().suggester
    return json_response(request, suggester.suggest(fields["q"], fields.get("size", DEFAULT_SIZE)))


async def suggest_opensearch(request: Request) -> Response:
    """The same as OpenSearch Suggestions 1.1: the text, completions, what they are, addresses of their searches."""
    typed = _read(request, OPENSEARCH_VOCABULARY)["q"]
    services = services_of(request)
    found = services.reference.known().suggester.suggest(typed, DEFAULT_SIZE)
    site = site_address(request, services.settings)
    rows = [row for group in GROUPS for row in found.of(group)]
    value = (
        typed,
        [row.label for row in rows],
        [", ".join(filter(None, (_KINDS[row.group], row.detail))) for row in rows],
        [site + address(((row.parameter, row.value), ("upcoming", "true"))) for row in rows],
    )
    return cacheable(request, to_bytes(value), OPENSEARCH_TYPE)


def _read(request: Request, vocabulary: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return the parameters of a request; raises BadParameters, also without ``q``."""
    fields, faults = read_fields(request.query_params.multi_items(), vocabulary)
    if "q" not in fields and all(fault.parameter != "q" for fault in faults):
        faults.append(Fault("q", "", _TEXT.allowed, f"q : il manque {_TEXT.allowed}."))
    refuse(faults)
    return fields
