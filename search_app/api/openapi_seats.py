"""The OpenAPI document of seat statements."""

from typing import Any

from mappings.codes import FUNDER_LABELS
from seats.ledger.history import KEPT
from seats.statements.parse import SEATS_LIMIT, SEQUENCE_LIMIT, SESSION_LIMIT
from seats.statements.tally import REASONS_TOLD

Schema = dict[str, Any]

_WHOLE: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": SEATS_LIMIT}
_FIELDS: Schema = {
    "session": {"type": "string", "minLength": 1, "maxLength": SESSION_LIMIT},
    "funder": {"enum": list(FUNDER_LABELS)},
    "capacity": _WHOLE | {"description": "Places en tout ; null : non connu."},
    "available": _WHOLE | {"description": "Places restantes ; null retire le chiffre."},
    "sequence": {
        "type": "integer", "minimum": 0, "maximum": SEQUENCE_LIMIT,
        "description": "Au plus l’heure en microsecondes depuis 1970, plus un jour.",
    },
    "observed_at": {"type": "string", "format": "date-time"},
}  # fmt: skip
_COUNT: Schema = {"type": "integer", "minimum": 0}
_REJECTION: Schema = {
    "type": "object", "required": ["line", "field", "value", "reason"], "additionalProperties": False,
    "properties": {"line": _COUNT, "field": {"type": "string"}, "value": {}, "reason": {"type": "string"}},
}  # fmt: skip
_STALE_REASON: Schema = {
    "type": "object", "additionalProperties": False,
    "required": ["line", "session", "funder", "sequence", "known_sequence", "reason"],
    "properties": {"line": _COUNT, "session": {"type": "string"}, "funder": {"type": "string"},
                   "sequence": _COUNT, "known_sequence": _COUNT, "reason": {"type": "string"}},
}  # fmt: skip
_TOLD: Schema = {
    "type": "object", "required": [*_FIELDS, "received_at"],
    "properties": _FIELDS | {
        "session_key": {"type": "string"}, "received_at": {"type": "string", "format": "date-time"},
        "producer": {
            "type": "string",
            "description": "Nom du producteur, pour qui présente le jeton d’un producteur de cette source.",
        },
    },
}  # fmt: skip
SEATS_SCHEMAS: Schema = {
    "SeatStatement": {
        "type": "object", "required": list(_FIELDS), "properties": _FIELDS,
        "description": "Une ligne du corps : chiffres absolus, jamais des différences.",
    },
    "SeatsAnswer": {
        "type": "object", "required": ["accepted", "stale", "unknown", "rejected"], "additionalProperties": False,
        "properties": {"accepted": _COUNT, "stale": _COUNT, "unknown": _COUNT,
                       "rejected": {"type": "array", "items": _REJECTION},
                       "stale_reasons": {
                           "type": "array", "items": _STALE_REASON, "maxItems": REASONS_TOLD,
                           "description": "Pourquoi des lignes sont « stale » sans être répétées ni en retard ; les "
                                          "premières seulement ; absent s’il n’y en a pas.",
                       }},
    },
    "SeatsHistory": {
        "type": "object", "required": ["session", "key", "statements"], "additionalProperties": False,
        "properties": {"session": {"type": "string"}, "key": {"type": "string"},
                       "statements": {"type": "array", "items": _TOLD}},
    },
}  # fmt: skip
SECURITY_SCHEMES: Schema = {"producer": {"type": "http", "scheme": "bearer"}}


def seats_paths(error: Schema, answer: Schema, history: Schema) -> Schema:
    """Return the paths; ``error``, ``answer`` and ``history`` are references to schemas of the document."""
    refused = {status: _json(text, error) for status, text in (
        ("400", "Un tableau sans les colonnes nécessaires."), ("401", "Jeton absent, faux ou retiré."),
        ("408", "Corps trop lent ; les lignes entières reçues sont prises."), ("415", "Type de corps non reçu."),
        ("429", "Trop de jetons faux ; voir Retry-After."),
        ("503", "Le moteur ne répond pas : renvoyer le tout est sans danger."),
    )}  # fmt: skip
    lines = {"schema": {"type": "string", "description": "Un SeatStatement par ligne."}}
    table = {"schema": {"type": "string", "description": "session;financeur;capacite;places_restantes;releve_le"}}
    post = {
        "operationId": "postSeats", "summary": "Relevés de places restantes.", "security": [{"producer": []}],
        "requestBody": {"required": True, "content": {"application/x-ndjson": lines, "text/csv": table}},
        "responses": {"200": _json("Le compte de toutes les lignes.", answer)} | refused,
    }  # fmt: skip
    session = {"name": "session", "in": "path", "required": True, "schema": {"type": "string"},
               "description": "Numéro de la session, ou sa clé."}  # fmt: skip
    told = {
        "operationId": "seatsHistory", "summary": f"Relevés d’une session depuis {KEPT.days} jours.",
        "parameters": [session],
        "security": [{}, {"producer": []}],
        "responses": {"200": _json("Le plus récent d’abord.", history)} | {
            status: refused[status] for status in ("401", "429", "503")
        },
    }  # fmt: skip
    return {"/api/v1/seats": {"post": post}, "/api/v1/seats/{session}/history": {"get": told}}


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
