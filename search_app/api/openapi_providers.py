"""The census of providers in the OpenAPI document."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from search_app.api.providers import PATH
from search_app.census.answer import BodyView, CensusResults
from search_app.census.params import VOCABULARY
from search_app.exports.providers import CSV_PATH, NDJSON_PATH, PAGING
from search_app.exports.streaming import TOTAL
from search_app.search.params import Parameter

Schema = dict[str, Any]
SUMMARY: Final = "Recensement des organismes : liste publique, certification, offres, questions ouvertes."
ONE: Final = "Un organisme, par son SIREN, un SIRET ou un numéro de déclaration d’activité."


def provider_paths(operation: Callable[..., Schema], parameter: Callable[[Parameter], Schema]) -> Schema:
    """Return the paths of the census; the two functions make an operation and a parameter."""
    number = {
        "name": "number", "in": "path", "required": True, "schema": {"type": "string"},
        "description": "SIREN, SIRET ou numéro de déclaration d’activité, actuel ou ancien.",
    }  # fmt: skip
    one = operation("getProvider", ONE, "BodyView", [number], missing=True)
    one["responses"]["404"]["description"] = "Aucun organisme n’est connu sous ce numéro."
    rows = [parameter(row) for row in VOCABULARY.values()]
    return {
        PATH: {"get": operation("searchProviders", SUMMARY, "CensusResults", rows)},
        NDJSON_PATH: {"get": _export(operation, parameter, "NDJSON", "application/x-ndjson")},
        CSV_PATH: {"get": _export(operation, parameter, "CSV", "text/csv")},
        f"{PATH}/{{number}}": {"get": one},
    }


def _export(
    operation: Callable[..., Schema], parameter: Callable[[Parameter], Schema], form: str, media_type: str
) -> Schema:
    rows = [parameter(row) for row in VOCABULARY.values() if row.name not in PAGING]
    summary = f"Tous les organismes d’une recherche, en {form}, sans limite de nombre."
    made = operation(f"exportProviders{form.title()}", summary, "BodyView", rows)
    answer = made["responses"]["200"]
    answer["content"] = {media_type: {"schema": {"type": "string"}}}
    told = "Nombre d’organismes trouvés, dit avant le premier ; HEAD le donne seul."
    answer["headers"] = {TOTAL: {"description": told, "schema": {"type": "integer", "minimum": 0}}}
    del made["responses"]["304"]
    return made


def provider_schemas(template: str) -> Schema:
    """Return the schemas of the census's answers and their parts; ``template`` is that of references."""
    schemas: Schema = msgspec.json.schema_components((CensusResults, BodyView), ref_template=template)[1]
    return schemas
