"""The OpenAPI 3.1 document, derived from the parameter table and the result types."""

from typing import Any

import msgspec
from pydantic import TypeAdapter

from mappings.offer import Offer
from search_app.api import suggest as suggest_api
from search_app.api.documents.openapi import document_paths, document_schemas
from search_app.api.openapi_analytics import analytics_paths, analytics_schemas
from search_app.api.openapi_funding import funding_paths, funding_schemas
from search_app.api.openapi_funding_search import funding_search_paths, funding_search_schemas
from search_app.api.openapi_oembed import OEMBED_PATH, OEMBED_SCHEMA, oembed_operation
from search_app.api.openapi_providers import provider_paths, provider_schemas
from search_app.api.openapi_seats import SEATS_SCHEMAS, SECURITY_SCHEMES, seats_paths
from search_app.exports import paths as export_paths
from search_app.exports.files import PAGING
from search_app.exports.streaming import TOTAL
from search_app.search import map as offer_map
from search_app.search.facets import FACETS
from search_app.search.params import PARAMETERS, Parameter
from search_app.search.params.table import LONGEST_PLACE, MOST_VALUES
from search_app.search.present.offer import OfferView
from search_app.search.reference_data import Snapshot
from search_app.search.results import SearchResults, SourceState
from search_app.search.suggest import Suggestions
from search_app.seats import stream as seats_stream
from search_app.seats.contradictions import PATH as CONTRADICTIONS_PATH
from search_app.seats.contradictions import Contradictions, contradictions_vocabulary
from search_app.seats.open_streams import BEAT_SECONDS

Schema = dict[str, Any]
TEMPLATE = "#/components/schemas/{model}"
STRUCTURES = (SearchResults, OfferView, SourceState, Contradictions)


def build_openapi() -> Schema:
    """Return the document as plain values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Boussole",
            "version": "1",
            "description": "Recherche d’offres de formation professionnelle : sessions, financeurs, places restantes.",
        },
        "paths": {
            "/api/v1/offers": {"get": _search()},
            "/api/v1/offers.ndjson": {"get": _export("NDJSON", "application/x-ndjson")},
            "/api/v1/offers.csv": {"get": _export("CSV", "text/csv")},
            export_paths.CALENDAR: {"get": _export("iCalendar", "text/calendar", export_paths.CALENDAR_SUMMARY)},
            export_paths.FEED: {"get": _export("Atom", "application/atom+xml", export_paths.FEED_SUMMARY, kept=True)},
            "/api/v1/offers/{id}": {"get": _offer()},
            "/api/v1/places": {"get": _places()},
            suggest_api.PATH: {"get": _suggest()},
            suggest_api.OPENSEARCH: {"get": _suggest_opensearch()},
            offer_map.PATH: {"get": _map()},
            **provider_paths(_operation, _parameter),
            **document_paths(_operation, _parameter),
            **funding_paths(_operation, _parameter),
            **funding_search_paths(_operation),
            **analytics_paths(_operation, _parameter),
            "/api/v1/sources": {
                "get": _operation("sources", "Fraîcheur du catalogue de chaque source.", "Sources", [])
            },
            **seats_paths(_ref("Error"), _ref("SeatsAnswer"), _ref("SeatsHistory")),
            CONTRADICTIONS_PATH: {"get": _contradictions()},
            seats_stream.PATH: {"get": _stream()},
            OEMBED_PATH: {"get": oembed_operation(_ref("Error"), _ref("Oembed"))},
            "/api/v1/openapi.json": {"get": _document()},
        },
        "components": {"schemas": _schemas(), "securitySchemes": SECURITY_SCHEMES},
    }


def _schemas() -> Schema:
    """Return the schemas of all answers, made from their types."""
    schemas: Schema = {"Error": _ERROR, "Places": _PLACES, "SeatsEvent": _SEATS_EVENT, "Oembed": OEMBED_SCHEMA,
                       **SEATS_SCHEMAS}  # fmt: skip
    schemas["OpenSearchSuggestions"] = _OPENSEARCH
    schemas |= msgspec.json.schema_components(STRUCTURES, ref_template="#/components/schemas/{name}")[1]
    schemas |= provider_schemas("#/components/schemas/{name}") | analytics_schemas()
    schemas |= document_schemas("#/components/schemas/{name}")
    schemas |= funding_schemas("#/components/schemas/{name}") | funding_search_schemas("#/components/schemas/{name}")
    schemas |= _stored_schemas()
    schemas["OfferView"]["properties"]["record"] = _ref("StoredOffer")
    schemas["SearchResults"]["properties"]["facets"] |= {
        "properties": _facets(),
        "required": [facet.param for facet in FACETS if not facet.on_request],
    }
    for name, kind in (("Suggestions", Suggestions), ("MapView", offer_map.MapView)):
        schema = TypeAdapter(kind).json_schema(ref_template=TEMPLATE, mode="serialization")
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    schemas["Sources"] = {
        "type": "object", "required": ["sources"],
        "properties": {"sources": {"type": "array", "items": _ref("SourceState")}},
    }  # fmt: skip
    return schemas


def _stored_schemas() -> Schema:
    """Return the schemas of a stored offer and its parts, with names distinct from those of results."""
    offer = Offer.model_json_schema(mode="serialization", ref_template=TEMPLATE.format(model="Stored{model}"))
    parts = offer.pop("$defs")
    return {"StoredOffer": offer, **{f"Stored{name}": schema for name, schema in parts.items()}}


def _facets() -> Schema:
    """Return the schemas of the facets in every answer."""
    rows: Schema = {"type": "array", "items": _ref("FacetRow")}
    return {facet.param: rows | {"title": facet.title} for facet in FACETS}


def _search() -> Schema:
    parameters = [_parameter(parameter) for parameter in PARAMETERS.values()]
    operation = _operation("searchOffers", "Recherche d’offres, total exact et comptes.", "SearchResults", parameters)
    told = (
        "Âge en secondes d’une réponse partagée (une seconde au plus, si le site le permet) : une déclaration de "
        "places y paraît en deux secondes. Absent : la réponse vient d’être faite ; toujours absent avec seats."
    )
    operation["responses"]["200"]["headers"] = {
        "Age": {"description": told, "schema": {"type": "integer", "minimum": 0}}
    }
    return operation


def _export(form: str, media_type: str, summary: str = "", *, kept: bool = False) -> Schema:
    """Return the operation of an export; one that may be ``kept`` supports revalidation."""
    parameters = [_parameter(parameter) for parameter in PARAMETERS.values() if parameter.name not in PAGING]
    summary = summary or f"Toutes les offres d’une recherche, en {form}, sans limite de nombre."
    operation = _operation(f"exportOffers{form.title()}", summary, "OfferCard", parameters)
    answer = operation["responses"]["200"]
    answer["content"] = {media_type: {"schema": {"type": "string"}}}
    told = "Nombre d’offres que la recherche trouve, dit avant la première ; HEAD le donne seul."
    answer["headers"] = {TOTAL: {"description": told, "schema": {"type": "integer", "minimum": 0}}}
    if not kept:
        del operation["responses"]["304"]
        operation["responses"]["429"] = _error("Trop de requêtes, ou trop d’exports de ce client ; voir Retry-After.")
        full = "Le moteur de recherche ne répond pas, ou trop d’exports sont en cours ; voir Retry-After."
        operation["responses"]["503"] = _error(full)
    return operation


def _offer() -> Schema:
    identifier = {
        "name": "id", "in": "path", "required": True, "schema": {"type": "string"},
        "description": "Numéro de l’action dans LHEO, ou la clé courte.",
    }  # fmt: skip
    return _operation("getOffer", "Une offre, entière.", "OfferView", [identifier], missing=True)


def _places() -> Schema:
    text = {
        "name": "q", "in": "query", "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_PLACE},
        "description": "Début d’un nom de lieu ou d’un code postal ; label est ce que place comprend.",
    }  # fmt: skip
    return _operation("findPlaces", "Villes, codes postaux, départements, régions.", "Places", [text])


def _suggest() -> Schema:
    parameters = [_parameter(parameter) for parameter in suggest_api.VOCABULARY.values()]
    parameters[0]["required"] = True
    summary = "Formations, métiers, domaines, certifications et organismes qui commencent ainsi, par groupe."
    return _operation("suggest", summary, "Suggestions", parameters)


def _suggest_opensearch() -> Schema:
    parameters = [_parameter(parameter) for parameter in suggest_api.OPENSEARCH_VOCABULARY.values()]
    parameters[0]["required"] = True
    summary = "Les mêmes propositions pour la barre d’adresse d’un navigateur (OpenSearch Suggestions)."
    operation = _operation("suggestOpenSearch", summary, "OpenSearchSuggestions", parameters)
    answer = {"schema": _ref("OpenSearchSuggestions")}
    operation["responses"]["200"]["content"] = {suggest_api.OPENSEARCH_TYPE: answer}
    return operation


def _map() -> Schema:
    parameters = [_parameter(parameter) for parameter in (*PARAMETERS.values(), *offer_map.VOCABULARY.values())]
    summary = "Ce qu’une recherche trouve, compté par maille d’une carte ; chaque offre une seule fois."
    return _operation("mapOffers", summary, "MapView", parameters)


def _contradictions() -> Schema:
    parameters = [_parameter(parameter) for parameter in contradictions_vocabulary(Snapshot()).values()]
    summary = "Sessions dont l’état de recrutement et les places se contredisent, par source."
    return _operation("listContradictions", summary, "Contradictions", parameters)


def _stream() -> Schema:
    named: Schema = {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "maxItems": seats_stream.MOST_SESSIONS,
    }
    number: Schema = {"type": "integer", "minimum": -1}
    sessions = {
        "name": "session", "in": "query", "required": True, "style": "form", "explode": True, "schema": named,
        "description": "Numéros ou clés courtes de sessions.",
    }  # fmt: skip
    after = {
        "name": "last_event_id", "in": "query", "schema": number,
        "description": "Reprend après ce numéro : seats_checkpoint d’une réponse, ou l’id du dernier événement reçu.",
    }  # fmt: skip
    header = {
        "name": "Last-Event-ID",
        "in": "header",
        "schema": number,
        "description": "Comme last_event_id, avant lui.",
    }
    summary = "Chaque changement des places de ces sessions, en moins d’une seconde (server-sent events)."
    answer = (
        "Des événements « seats » ; id est un numéro du registre, data un objet SeatsEvent. Un commentaire au"
        f" moins toutes les {BEAT_SECONDS:g} secondes ; le flux finit au bout de quelques minutes et se reprend par"
        " Last-Event-ID."
    )
    operation = _operation("followSeats", summary, "SeatsEvent", [sessions, after, header])
    operation["responses"]["200"] = {
        "description": answer, "content": {"text/event-stream": {"schema": {"type": "string"}}}
    }  # fmt: skip
    del operation["responses"]["304"]
    operation["responses"]["429"] = _error("Trop de flux pour ce client ; voir Retry-After.")
    operation["responses"]["503"] = _error("Trop de flux ouverts ; voir Retry-After.")
    return operation


def _document() -> Schema:
    answer = {"description": "Ce document.", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"operationId": "getOpenApi", "summary": "Ce document.", "responses": {"200": answer}}


def _operation(name: str, summary: str, answer: str, parameters: list[Schema], *, missing: bool = False) -> Schema:
    responses = {
        "200": {"description": summary, "content": {"application/json": {"schema": _ref(answer)}}},
        "304": {"description": "Rien n’a changé (If-None-Match)."},
        "400": _error("Au moins un paramètre est incorrect ; tous sont nommés."),
        "429": _error("Trop de requêtes ; voir Retry-After."),
        "503": _error("Le moteur de recherche ne répond pas, ou pas en entier ; voir Retry-After."),
    }
    if missing:
        responses["404"] = _error("Il n’y a pas d’offre sous ce numéro.")
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": responses}


def _parameter(parameter: Parameter) -> Schema:
    schema: Schema = dict(parameter.schema)
    if parameter.many:
        schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    row: Schema = {
        "name": parameter.name, "in": "query", "description": f"{parameter.description} Valeurs : {parameter.allowed}.",
        "schema": schema,
    }  # fmt: skip
    if parameter.many:
        row |= {"style": "form", "explode": True}
    return row


def _error(description: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref("Error")}}}


def _ref(name: str) -> Schema:
    return {"$ref": TEMPLATE.format(model=name)}


_FAULT: Schema = {
    "type": "object", "required": ["parameter", "value", "allowed", "message"], "additionalProperties": False,
    "properties": {name: {"type": "string"} for name in ("parameter", "value", "allowed", "message")},
}  # fmt: skip
_ERROR: Schema = {
    "type": "object", "required": ["error"], "additionalProperties": False,
    "properties": {"error": {
        "type": "object", "required": ["code", "message"], "additionalProperties": False,
        "properties": {"code": {"type": "string"}, "message": {"type": "string"},
                       "faults": {"type": "array", "items": _FAULT}},
    }},
}  # fmt: skip
_PLACE: Schema = {
    "type": "object",
    "required": ["kind", "code", "name", "label", "population", "lat", "lon", "department", "postal_codes",
                 "formerly"],
    "properties": {
        "kind": {"enum": ["town", "postal_code", "department", "region"]},
        "code": {"type": "string"}, "name": {"type": "string"}, "label": {"type": "string"},
        "population": {"type": "integer"},
        "lat": {"type": ["number", "null"]}, "lon": {"type": ["number", "null"]},
        "department": {"type": "string"}, "postal_codes": {"type": "array", "items": {"type": "string"}},
        "formerly": {"type": "string"},
    },
}  # fmt: skip
_PLACES: Schema = {
    "type": "object", "required": ["places"],
    "properties": {"places": {"type": "array", "items": _PLACE}},
}  # fmt: skip
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_OPENSEARCH: Schema = {
    "type": "array", "prefixItems": [_TEXT, _TEXTS, _TEXTS, _TEXTS], "minItems": 4, "maxItems": 4,
    "description": "Le texte, les propositions, ce qu’elles sont, les adresses de leurs recherches.",
}  # fmt: skip
_SEATS: Schema = {"type": ["integer", "null"], "minimum": 0}
_SEATS_EVENT: Schema = {
    "type": "object", "additionalProperties": False,
    "required": ["session", "key", "funder", "label", "capacity", "available", "sequence", "observed_at", "age_days",
                 "text", "short", "age", "old", "tone"],
    "properties": {
        "session": _TEXT, "key": _TEXT, "funder": _TEXT, "label": _TEXT, "capacity": _SEATS, "available": _SEATS,
        "sequence": {"type": "integer"}, "observed_at": _TEXT, "age_days": {"type": "integer"},
        "text": _TEXT, "short": _TEXT, "age": _TEXT, "old": {"type": "boolean"},
        "tone": {"enum": ["some", "none", "unknown"]},
    },
}  # fmt: skip
