"""Nomenclature codes, certifications, levels and funders of a record."""

from typing import Any, Final

from indexer.normalize.codes import is_five_digits, parse_nsf, parse_plain, parse_register, parse_rome
from indexer.transform.faults import Faults
from indexer.transform.read import coded, compact, count, distinct, line, lines
from indexer.transform.tree import Node
from mappings.codes import FUNDER_LABELS, LEVEL_BY_LHEO

NO_LEVEL: Final = "0 1"  # unknown; no particular level
PURCHASE: Final = {"programme": "programme-financeur", "market": "ref-action-marche-financeur"}


def read_domains(formation: Node, faults: Faults) -> dict[str, list[str]]:
    """Return Formacode (the principal one first), domains, NSF and ROME; old ROME codes go to the other elements."""
    domain = formation.inside("domaine-formation")
    formacodes = []
    for code in _principal_first(domain, faults):
        if is_five_digits(code):
            formacodes.append(code)
        else:
            faults.add("bad-code", "code-FORMACODE", code)
    return {
        "formacode": formacodes,
        "domain": list(dict.fromkeys(code[:3] for code in formacodes)),
        "nsf": _read_nsf(domain, faults),
        "rome": _read_rome(formation, domain, faults),
    }


def _principal_first(domain: Node, faults: Faults) -> list[str]:
    """Return the texts of the Formacodes; the first is the principal one, unless an attribute says otherwise."""
    nodes = domain.all("code-FORMACODE")
    if any("tag" in node.attributes for node in nodes):
        nodes = sorted(nodes, key=lambda node: node.attributes.get("tag") != "principal")
    return list(dict.fromkeys(code for node in nodes for code in lines(node, "", faults)))


def _read_nsf(domain: Node, faults: Faults) -> list[str]:
    found = []
    for stated in lines(domain, "code-NSF", faults):
        code = parse_nsf(stated)
        if code is None:
            faults.add("bad-code", "code-NSF", stated)
        elif code not in found:
            found.append(code)
    return found


def _read_rome(formation: Node, domain: Node, faults: Faults) -> list[str]:
    found = []
    for stated in lines(domain, "code-ROME", faults):
        code = parse_rome(stated)
        if code and code not in found:
            found.append(code)
        elif code is None and is_five_digits(stated):
            formation.others.append(("domaine-formation/code-ROME", stated))
        elif code is None:
            faults.add("bad-code", "code-ROME", stated)
    return found


def read_certifications(formation: Node, faults: Faults) -> dict[str, Any]:
    """Return the certifications and, for search, the codes of each register."""
    found = distinct(_read_certification(node, formation, faults) for node in formation.all("certification"))
    return {
        **{name: _each(found, name) for name in ("rncp", "rs", "certifinfo")},
        "certifications": found,
    }


def _read_certification(node: Node, formation: Node, faults: Faults) -> dict[str, Any]:
    codes: dict[str, str | None] = {}
    for name, register in (("code-RNCP", "RNCP"), ("code-RS", "RS")):
        stated = line(node, name, faults)
        parsed = parse_register(stated, register) if stated else None
        if parsed and stated and codes.setdefault(parsed[0].lower(), parsed[1]) != parsed[1]:
            formation.others.append((f"certification/{name}", stated))  # RS… in the place of an RNCP code
        elif parsed is None and stated:
            faults.add("bad-code", name, stated)
    codes["certifinfo"] = _plain(node, "code-CERTIFINFO", "", faults)
    codes["cpf"] = _plain(node, "code-CPF", "CPF", faults)
    return compact(codes)


def _plain(node: Node, name: str, prefix: str, faults: Faults) -> str | None:
    stated = line(node, name, faults)
    code = parse_plain(stated, prefix) if stated else None
    if stated and code is None:
        faults.add("bad-code", name, stated)
    return code


def _each(certifications: list[dict[str, Any]], name: str) -> list[str]:
    return list(dict.fromkeys(row[name] for row in certifications if name in row))


def read_level(node: Node, name: str, faults: Faults) -> str | None:
    """Return a level on the scale 11-18; None for codes without a level."""
    return coded(node, name, LEVEL_BY_LHEO, faults, mute=NO_LEVEL)


def read_audience(action: Node, faults: Faults) -> dict[str, Any]:
    """Return the audience codes as given, and the version of their table that the feed names."""
    codes = []
    nodes = action.all("code-public-vise")
    for code in dict.fromkeys(code for node in nodes for code in lines(node, "", faults)):
        if is_five_digits(code):
            codes.append(code)
        else:
            faults.add("bad-code", "code-public-vise", code)
    refs = [node.attributes["ref"].strip() for node in nodes if "ref" in node.attributes]
    action.others += [("action/code-public-vise/@ref", ref) for ref in refs[1:] if ref != refs[0]]
    return {"audience": codes, "audience_ref": refs[0][:20] if refs else None}


def read_funders(action: Node, faults: Faults) -> dict[str, Any]:
    """Return the funders, each once, and every line about them: a funder with another market is another purchase."""
    funding: list[dict[str, Any]] = []
    for node in action.all("organisme-financeur"):
        stated = line(node, "code-financeur", faults)
        if stated is None:
            continue
        code = stated.lstrip("0") or "0"
        if code not in FUNDER_LABELS:
            faults.add("unknown-funder", "code-financeur", stated)
            continue
        seats = count(node, "nb-places-financees", faults)
        row = compact({"funder": code, "seats_bought": seats, **_purchase(node, faults)})
        if row in funding:
            faults.add("repeated-funder", "code-financeur", " ".join(str(value) for value in row.values()))
        else:
            funding.append(row)
    return {"funder": list(dict.fromkeys(row["funder"] for row in funding)), "funding": funding}


def _purchase(funder: Node, faults: Faults) -> dict[str, str | None]:
    """Return programme and market of a purchase, in the national pool's notation."""
    extras = funder.inside("extras:specificites")
    return {
        field: line(extras, f"extra:{info}", faults) or line(funder, f"extra:{info}", faults)
        for field, info in PURCHASE.items()
    }
