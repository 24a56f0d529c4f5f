"""Who pays, in the OpenAPI document: an offer's verdicts, and the schemes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from funding.facts.fact import Fact
from funding.facts.person import EARLIEST, LATEST, MOST_EUROS
from funding.facts.table import PERSON
from search_app.base.posted import FIRST_DAY, LAST_DAY, LONGEST_SESSION, MOST_BYTES, MOST_SECONDS
from search_app.exports.funding import CSV_PATH, FEED_PATH, SCHEMES
from search_app.funding.asked import ON
from search_app.funding.views import OneSchemeView, SchemesView
from search_app.search.params import Parameter

Schema = dict[str, Any]
SESSION: Final = "Numéro ou clé d’une session de l’offre ; null : la première que l’on peut encore rejoindre."
VERDICTS: Final = "/api/v1/offers/{id}/funding"
EXAMPLE: Final[Schema] = {
    "session": None,
    "person": {"status": "job_seeker", "age": "26-29", "allowance": "are", "cpf_euros": 1250, "department": "81"},
    "on": None,
}
_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_WORD: Final[Schema] = {"enum": ["yes", "no", "unknown"]}
_FACT: Final[Schema] = {"enum": list(PERSON)}


def funding_paths(operation: Callable[..., Schema], parameter: Callable[[Parameter], Schema]) -> Schema:
    """Return the paths; the two functions make an operation and a parameter."""
    on, name = parameter(ON), _in_path("id", "Nom du financement, comme ptp.")
    one = operation("getFundingScheme", "Un financement : règle, sources, montants.", "OneSchemeView", [name, on],
                    missing=True)  # fmt: skip
    one["responses"]["404"]["description"] = "Aucun financement n’a ce nom."
    every = operation("listFundingSchemes", "Tous les financements, tels que les règles lues les disent.",
                      "SchemesView", [on])  # fmt: skip
    table = _as(operation("exportFundingSchemes", "Tous les financements, un par ligne.", "SchemesView", [on]),
                "text/csv")  # fmt: skip
    line = _as(operation("exportFundingScheme", "Un financement, en une ligne.", "SchemesView", [name, on],
                         missing=True), "text/csv")  # fmt: skip
    line["responses"]["404"]["description"] = "Aucun financement n’a ce nom."
    summary = "Ce qui a changé dans les règles : sources lues, règles et montants qui commencent ou se terminent."
    changes = _as(operation("followFundingSchemes", summary, "SchemesView", []), "application/atom+xml")
    return {
        VERDICTS: {"post": _verdicts(operation)},
        SCHEMES: {"get": every},
        CSV_PATH: {"get": table},
        FEED_PATH: {"get": changes},
        f"{SCHEMES}/{{id}}": {"get": one},
        f"{SCHEMES}/{{id}}.csv": {"get": line},
    }


def _verdicts(operation: Callable[..., Schema]) -> Schema:
    summary = "Qui paie cette offre pour une personne : rien de la personne n’est gardé, ni répété dans la réponse."
    number = _in_path("id", "Numéro de l’action dans LHEO, ou la clé courte.")
    made = operation("judgeOfferFunding", summary, "FundingAnswer", [number], missing=True)
    return posted(made, "FundingQuestion", EXAMPLE, "Cette offre ou cette session n’existe pas, ou plus.")


def posted(operation: Schema, question: str, example: Schema, missing: str = "") -> Schema:
    """Return an operation whose question is a posted JSON object, with the faults that a body can have."""
    responses = operation["responses"]
    error = responses["400"]["content"]
    del responses["304"]
    if missing:
        responses["404"]["description"] = missing
    told = "Le corps est incorrect ; chaque faute nomme l’endroit et ce qui est possible, jamais ce qui a été envoyé."
    responses["400"]["description"] = told
    responses["408"] = {"description": f"Corps trop lent : {MOST_SECONDS:g} secondes au plus.", "content": error}
    responses["413"] = {"description": f"Corps trop long : {MOST_BYTES} octets au plus.", "content": error}
    responses["415"] = {"description": "Corps qui n’est pas application/json.", "content": error}
    schema = {"$ref": f"#/components/schemas/{question}"}
    body = {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}
    return operation | {"requestBody": body}


def _in_path(name: str, description: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": _TEXT, "description": description}


def _as(operation: Schema, media_type: str) -> Schema:
    operation["responses"]["200"]["content"] = {media_type: {"schema": _TEXT}}
    return operation


def funding_schemas(template: str) -> Schema:
    """Return the schemas of questions and answers; ``template`` is that of references."""
    made: Schema = msgspec.json.schema_components((SchemesView, OneSchemeView), ref_template=template)[1]
    return made | {
        "Person": person_schema(),
        "FundingQuestion": _object(
            {
                "session": _TEXT_OR_NULL | {"maxLength": LONGEST_SESSION, "description": SESSION},
                "person": {"oneOf": [{"$ref": template.format(name="Person")}, {"type": "null"}]},
                "on": _day_or_null(f"Jour de la question, du {FIRST_DAY} au {LAST_DAY} ; aujourd’hui par défaut."),
            },
            required=(),
        ),
        "FundingVerdict": _VERDICT,
        "FundingAnswer": _object(
            {
                "verdicts": _list(template, "FundingVerdict"),
                "income": _list(template, "FundingVerdict"),
                "remaining": _REMAINING,
                "questions": {"type": "array", "items": _FACT, "description": "Ce qui trancherait le plus, d’abord."},
                "contradictions": _TEXTS,
                "rules_version": _TEXT,
                "session": {"oneOf": [_object({"id": _TEXT, "key": _TEXT}), {"type": "null"}],
                            "description": "La session jugée ; null : aucune ne peut plus être rejointe."},
                "on": {"type": "string", "format": "date"},
            }
        ),
    }  # fmt: skip


def person_schema() -> Schema:
    """Return the schema of a person, made from the table of facts."""
    facts = {name: _fact(fact) for name, fact in PERSON.items()}
    told = "Ce qui est connu d’une personne ; absent ou null : non connu."
    return _object(facts, required=()) | {"description": told, "example": EXAMPLE["person"]}


def _fact(fact: Fact) -> Schema:
    asked = {"description": fact.question}
    if fact.kind == "bool":
        return {"type": ["boolean", "null"]} | asked
    if fact.kind == "number":
        return {"type": ["number", "null"], "minimum": 0, "maximum": MOST_EUROS} | asked
    if fact.kind == "date":
        return _day_or_null(f"{fact.question} (du {EARLIEST} au {LATEST})")
    return {"enum": [*fact.values, None]} | asked


def _day_or_null(description: str) -> Schema:
    return _TEXT_OR_NULL | {"format": "date", "description": description}


def _object(properties: Mapping[str, Schema], required: tuple[str, ...] | None = None) -> Schema:
    names = list(properties if required is None else required)
    return {"type": "object", "properties": dict(properties), "required": names, "additionalProperties": False}


def _list(template: str, name: str) -> Schema:
    return {"type": "array", "items": {"$ref": template.format(name=name)}}


_REMAINING: Final[Schema] = {
    "oneOf": [_object({"min": {"type": "number"}, "max": {"type": "number"}}), {"type": "null"}],
    "description": "Ce qui reste à payer, en euros ; null : non connu.",
}
_VERDICT: Final[Schema] = _object(
    {
        "scheme": _TEXT,
        "label": _TEXT,
        "verdict": _WORD,
        "judged": _TEXTS | {"description": "Ce que quelqu’un apprécie encore, conditions remplies."},
        "too_late": {"type": "boolean"},
        "decides": _TEXT,
        "conditions": {"type": "array",
                       "items": _object({"text": _TEXT, "result": _WORD, "source": _TEXT_OR_NULL})},
        "missing": {"type": "array", "items": _FACT, "description": "Les faits dont un seul changerait le verdict."},
        "remedy": _TEXT_OR_NULL,
        "remaining": _REMAINING,
        "pays": {"type": "array", "items": {"enum": ["fees", "income", "aid"]}},
        "documents": _TEXTS,
        "deadlines": {"type": "array", "items": _object({"what": _TEXT, "date": _TEXT_OR_NULL | {"format": "date"}})},
    }
)  # fmt: skip
