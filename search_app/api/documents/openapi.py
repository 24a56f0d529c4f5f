"""The documents in the OpenAPI document."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from search_app.api.documents.routes import PATH
from search_app.documents.answer import DocumentResults, DocumentView
from search_app.documents.facets import FACETS
from search_app.documents.params import PAGING, VOCABULARY
from search_app.exports.documents import ATOM_PATH, JSON_PATH
from search_app.search.params import Parameter

Schema = dict[str, Any]
SUMMARY: Final = "Recherche de documents : fiches, textes officiels, guides, fiches métiers, actualités."
NEWEST: Final = "Les 100 documents d’une recherche qui ont changé en dernier ({})."


def document_paths(operation: Callable[..., Schema], parameter: Callable[[Parameter], Schema]) -> Schema:
    """Return the paths of the documents; the two functions make an operation and a parameter."""
    key = {
        "name": "key", "in": "path", "required": True, "schema": {"type": "string"},
        "description": "Clé d’un document : « key » d’un résultat.",
    }  # fmt: skip
    one = operation("getDocument", "Un document, par sa clé.", "DocumentView", [key], missing=True)
    one["responses"]["404"]["description"] = "Aucun document n’est connu sous cette clé, ou il a été retiré."
    rows = [parameter(row) for row in VOCABULARY.values()]
    return {
        PATH: {"get": operation("searchDocuments", SUMMARY, "DocumentResults", rows)},
        ATOM_PATH: {"get": _feed(operation, parameter, "Atom", "application/atom+xml")},
        JSON_PATH: {"get": _feed(operation, parameter, "JSON Feed 1.1", "application/feed+json")},
        f"{PATH}/{{key}}": {"get": one},
    }


def _feed(
    operation: Callable[..., Schema], parameter: Callable[[Parameter], Schema], form: str, media_type: str
) -> Schema:
    rows = [parameter(row) for row in VOCABULARY.values() if row.name not in PAGING]
    made = operation(f"documents{form.partition(' ')[0].title()}", NEWEST.format(form), "DocumentResults", rows)
    kind = "object" if "json" in media_type else "string"
    made["responses"]["200"]["content"] = {media_type: {"schema": {"type": kind}}}
    return made


def document_schemas(template: str) -> Schema:
    """Return the schemas of the answers and their parts; ``template`` is that of references."""
    schemas: Schema = msgspec.json.schema_components((DocumentResults, DocumentView), ref_template=template)[1]
    rows: Schema = {"type": "array", "items": {"$ref": template.format(name="FacetRow")}}
    properties = {facet.name: rows | {"title": facet.title} for facet in FACETS.values()}
    schemas["DocumentResults"]["properties"]["facets"] |= {"properties": properties, "required": list(FACETS)}
    return schemas
