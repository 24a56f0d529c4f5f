"""The search for one person in the OpenAPI document: its question is made from the table of parameters."""

from collections.abc import Callable
from typing import Any, Final

from funding.evaluation.facet import LABELS, VALUES
from search_app.api.funding_search import FUNDING, PATH, PERSON
from search_app.api.openapi_funding import EXAMPLE, posted
from search_app.search.params import Parameter
from search_app.search.params.table import PARAMETERS

Schema = dict[str, Any]
QUESTION: Final = "FundingSearch"


def funding_search_paths(operation: Callable[..., Schema]) -> Schema:
    """Return the path; the function makes an operation."""
    summary = "Recherche pour une personne : qui paie. Rien de la personne n’est gardé, ni répété dans la réponse."
    made = operation("searchOffersForPerson", summary, "SearchResults", [])
    example = {"place": "Albi", "upcoming": True, PERSON: EXAMPLE[PERSON], FUNDING: ["paid", "possible"]}
    return {PATH: {"post": posted(made, QUESTION, example)}}


def funding_search_schemas(template: str) -> Schema:
    """Return the schema of the question; ``template`` is that of references."""
    told = "paid : condition connue remplie, personne ne décide ; possible : quelqu’un décide ; unknown : à vérifier."
    values = {"type": "array", "items": {"enum": [*VALUES]}, "description": f"{told} {', '.join(LABELS.values())}."}
    properties = {parameter.name: _value(parameter) for parameter in PARAMETERS.values()}
    properties |= {PERSON: {"oneOf": [{"$ref": template.format(name="Person")}, {"type": "null"}]}, FUNDING: values}
    return {QUESTION: {"type": "object", "properties": properties, "additionalProperties": False}}


def _value(parameter: Parameter) -> Schema:
    one = dict(parameter.schema)
    schema = {"oneOf": [one, {"type": "array", "items": one}]} if parameter.many else one
    return schema | {"description": parameter.description}
