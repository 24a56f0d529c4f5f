"""``GET /api/v1/suggest``: completions of the letters typed so far."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from search_app.base.errors import Fault
from search_app.base.responses import json_response
from search_app.search.params import Parameter, refuse
from search_app.search.params.parse import read_fields
from search_app.search.params.table import LONGEST_QUERY
from search_app.search.params.values import integer_reader, text_reader
from search_app.search.service import services_of

PATH: Final = "/api/v1/suggest"
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


def suggest_routes() -> list[Route]:
    """Return the route of the suggestions."""
    return [Route(PATH, suggest)]


async def suggest(request: Request) -> Response:
    """Trainings, jobs, domains, certifications and providers that begin with ``q``, by group."""
    fields, faults = read_fields(request.query_params.multi_items(), VOCABULARY)
    if "q" not in fields and all(fault.parameter != "q" for fault in faults):
        faults.append(Fault("q", "", _TEXT.allowed, f"q : il manque {_TEXT.allowed}."))
    refuse(faults)
    services = services_of(request)
    suggester = services.reference.known().suggester
    return json_response(request, suggester.suggest(fields["q"], fields.get("size", DEFAULT_SIZE)))
