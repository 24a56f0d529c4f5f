"""Data that only an offer's own page displays."""

from typing import Any, Final

from indexer.normalize.dates import restate_iso
from indexer.transform.faults import Faults
from indexer.transform.organisations import read_address, read_contacts
from indexer.transform.read import amount, compact, count, flag, labelled, line, lines, text, urls
from indexer.transform.tree import Node

LONGEST_REF: Final = 20  # characters of a table's version
LONGEST_NAME: Final = 3_000  # characters of a module's name, as LHEO has it
CREATED: Final = 8  # characters of a date AAAAMMJJ

TEXTS: Final = {
    "rhythm": "rythme-formation",
    "alternation": "modalites-alternance",
    "conditions": "conditions-specifiques",
    "teaching": "modalites-pedagogiques",
    "recruitment": "modalites-recrutement",
    "funding_conditions": "detail-conditions-prise-en-charge",
}
LINES: Final = {
    "duration": "duree-indicative",
    "audience_info": "info-public-vise",
    "perimeter": "code-perimetre-recrutement",
    "perimeter_info": "infos-perimetre-recrutement",
    "catering": "restauration",
    "lodging": "hebergement",
    "transport": "transport",
    "accessibility": "acces-handicapes",
    "price_per_hour": "prix-horaire-TTC",
    "price_text": "prix-total-TTC",
    "remaining_costs": "frais-restants",
}
HOURS: Final = {
    "hours_centre": "nombre-heures-centre",
    "hours_company": "nombre-heures-entreprise",
    "agreed_hours": "duree-conventionnee",
}


def read_training_detail(formation: Node, faults: Faults) -> dict[str, Any]:
    """Return the data shared by all actions of a training."""
    web = urls(formation, "url-formation", faults)
    modules = formation.inside("sous-modules").all("sous-module")
    formation.others += [("url-formation/urlweb", url) for url in web[1:]]
    return {
        "training_url": web[0] if web else None,
        "training_created": (formation.attributes.get("datecrea") or "")[:CREATED],
        "formacode_ref": _formacode_ref(formation),
        "contacts": read_contacts(formation, ("contact-formation",), faults),
        "path": line(formation, "parcours-de-formation", faults),
        "aim": line(formation, "objectif-general-formation", faults),
        "positioning": line(formation, "positionnement", faults),
        "modules": [name for module in modules for name in _names(module, faults)],
        "required_modules": _names(formation.inside("modules-prerequis"), faults),
    }


def _formacode_ref(formation: Node) -> str | None:
    """Return the version of the Formacodes; other versions, and unknown marks, go to the other elements."""
    nodes = formation.inside("domaine-formation").all("code-FORMACODE")
    refs = list(dict.fromkeys(ref for node in nodes if (ref := node.attributes.get("ref", "").strip())))
    tags = dict.fromkeys(tag for node in nodes if (tag := node.attributes.get("tag", "").strip()))
    path = "domaine-formation/code-FORMACODE/"
    formation.others += [(f"{path}@ref", ref) for ref in refs[1:]]
    formation.others += [(f"{path}@tag", tag) for tag in tags if tag != "principal"]
    return refs[0][:LONGEST_REF] if refs else None


def _names(module: Node, faults: Faults) -> list[str]:
    return lines(module, "reference-module", faults, LONGEST_NAME)


def read_action_detail(action: Node, faults: Faults) -> dict[str, Any]:
    """Return the data of one action that no search uses."""
    present = action.texts
    web = urls(action, "url-action", faults)
    action.others += [("action/url-action/urlweb", url) for url in web[1:]]
    information = action.inside("adresse-information").first("adresse")
    dates = [restate_iso(day) or day for node in action.all("date-information") for day in lines(node, "date", faults)]
    hours = {field: amount(action, name, "bad-number", faults) for field, name in HOURS.items() if name in present}
    return {
        "action_url": web[0] if web else None,
        **{field: text(action, name, faults) for field, name in TEXTS.items() if name in present},
        **{field: line(action, name, faults) for field, name in LINES.items() if name in present},
        **{field: round(value) for field, value in hours.items() if value},
        "languages": lines(action, "langue-formation", faults),
        "costs_coverable": flag(action, "prise-en-charge-frais-possible", faults),
        "information_address": read_address(information, faults) if information else None,
        "information_dates": [day for day in dates if day.strip("0")],
        "equipment": [item for node in action.all("equipement") if (item := _equipment(node, faults))],
    }


def _equipment(node: Node, faults: Faults) -> str:
    kind = labelled(node, "type-equipement", "dict-type-equipement", faults)
    cost = count(node, "cout-indicatif-equipement", faults)
    parts = (kind, line(node, "commentaire", faults), f"environ {cost} €" if cost else None)
    return ", ".join(part for part in parts if part)


def build_detail(training: dict[str, Any], action: dict[str, Any], others: dict[str, list[str]]) -> dict[str, Any]:
    """Return the stored detail."""
    return compact({**training, **action, "others": others})
