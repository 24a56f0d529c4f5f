"""Parts of a session in LHEO 2.3 beside its dates: recruitment meetings, certifications, blocks of skills, cycles."""

from typing import Any, Final

from indexer.normalize.codes import parse_plain, parse_register
from indexer.normalize.organisations import parse_url
from indexer.normalize.times import parse_time
from indexer.normalize.town_codes import read_town
from indexer.transform.faults import Faults
from indexer.transform.organisations import read_address
from indexer.transform.read import compact, count, distinct, flag, labelled, line, lines, read_day
from indexer.transform.tree import EMPTY, Node
from mappings.days import is_inverted, parse_day
from mappings.meeting_times import parse_stored_time, to_when
from mappings.offer import Meeting

NOT_TOLD: Final = "0"  # « information inconnue » in the table of ways to recruit


def read_meetings(session: Node, faults: Faults) -> list[dict[str, Any]]:
    """Return the steps of the recruitment in feed order, each once."""
    return distinct(_read_meeting(node, faults) for node in session.all("recrutement"))


def _read_meeting(node: Node, faults: Faults) -> dict[str, Any]:
    period = node.inside("periode")
    address = node.first("adresse") or EMPTY
    times = {
        "start_text": read_day(period, "debut", faults)[0],
        "end_text": read_day(period, "fin", faults)[0],
        "start_time": _read_time(node, "heure-debut", faults),
        "end_time": _read_time(node, "heure-fin", faults),
    }
    _drop_inverted(times, faults)
    stated = line(address, "ville", faults)
    town, postal_code, found = read_town(stated, line(address, "codepostal", faults))
    if found:
        faults.add("postal-code-in-town", "ville", stated)
    return compact(
        {
            "number": node.attributes.get("numero", "").strip(),
            "kind": labelled(node, "modalite-recrutement", "dict-modalite-recrutement", faults, mute=NOT_TOLD),
            **times,
            "remote": flag(node, "a-distance", faults),
            "town": town,
            "postal_code": postal_code,
            "address": read_address(address, faults),
            "seats": count(node, "nb-places", faults),
            "perimeter": labelled(node, "code-perimetre-recrutement", "dict-perimetre-recrutement", faults),
            "perimeter_info": line(node, "infos-perimetre-recrutement", faults),
            "url": _read_url(node, faults),
            "comment": line(node, "commentaire", faults),
        }
    )


def _drop_inverted(times: dict[str, str | None], faults: Faults) -> None:
    """Make an end unknown that is before its start, by day or, on the same day, by hour."""
    when = to_when(Meeting.model_validate(times))
    if is_inverted(when.first, parse_day(times["end_text"])):
        faults.add("inverted-period", "periode", f"{times['start_text']} {times['end_text']}")
        times["end_text"] = None
    if parse_stored_time(times["end_time"]) != when.end:
        faults.add("inverted-period", "heure-fin", f"{times['start_time']} {times['end_time']}")
        times["end_time"] = None


def _read_time(node: Node, name: str, faults: Faults) -> str | None:
    stated = line(node, name, faults)
    time = parse_time(stated) if stated else None
    if stated and time is None:
        faults.add("bad-time", name, stated)
    return time or stated


def _read_url(node: Node, faults: Faults) -> str | None:
    stated = line(node, "urlweb", faults)
    url = parse_url(stated) if stated else None
    if stated and url is None:
        faults.add("bad-url", "recrutement", stated)
    return url


def read_references(node: Node, faults: Faults) -> list[dict[str, Any]]:
    """Return the certifications in ``reference-certification``, each once."""
    return distinct(_read_reference(reference, faults) for reference in node.all("reference-certification"))


def _read_reference(node: Node, faults: Faults) -> dict[str, Any]:
    codes: dict[str, str] = {}
    for name, register in (("reference-code-RNCP", "RNCP"), ("reference-code-RS", "RS")):
        stated = line(node, name, faults)
        parsed = parse_register(stated, register) if stated else None
        if parsed and codes.setdefault(parsed[0].lower(), parsed[1]) == parsed[1]:
            continue
        if stated:
            faults.add("bad-code", name, stated)
    stated = line(node, "reference-code-CERTIFINFO", faults)
    code = parse_plain(stated, "") if stated else None
    if code:
        codes["certifinfo"] = code
    elif stated:
        faults.add("bad-code", "reference-code-CERTIFINFO", stated)
    return dict(codes)


def read_skills(session: Node, faults: Faults) -> list[dict[str, Any]]:
    """Return the blocks of skills, by certification."""
    return distinct(_read_skills(node, faults) for node in session.all("blocs-competences"))


def _read_skills(node: Node, faults: Faults) -> dict[str, Any]:
    rows = (
        compact({"code": line(block, "code-bloc", faults), "label": line(block, "libelle-bloc", faults)})
        for block in node.all("bloc-competences")
    )
    return compact(
        {
            "validation": labelled(node, "validation-blocs", "dict-type-validation-blocs", faults),
            "certifications": read_references(node, faults),
            "blocks": [row for row in rows if row],
        }
    )


def read_cycles(session: Node, faults: Faults) -> list[dict[str, Any]]:
    """Return the cycles of the session."""
    return distinct(_read_cycle(node, faults) for node in session.all("cycle"))


def _read_cycle(node: Node, faults: Faults) -> dict[str, Any]:
    alternation = node.inside("alternance")
    rhythm = alternation.inside("rythme-alternance")
    years = [int(year) for year in lines(node, "annee-cycle", faults) if _is_year(year, faults)]
    return compact(
        {
            "kind": labelled(node, "type-cycle", "dict-type-cycle", faults),
            "years": years,
            "fewest": count(node, "effectif-minimal", faults),
            "at_once": count(node, "capacite-simultanee", faults),
            "altogether": count(node, "capacite-cumulee", faults),
            "contract": labelled(alternation, "type-alternance", "dict-type-alternance", faults),
            "rhythm_unit": labelled(rhythm, "unite-rythme-alternance", "dict-unite-rythme", faults),
            "units_company": count(rhythm, "unites-entreprise", faults),
            "units_centre": count(rhythm, "unites-centre", faults),
        }
    )


def _is_year(text: str, faults: Faults) -> bool:
    """Tell whether a text is a year of a cycle (the second year of an apprenticeship), at most two digits."""
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return True
    faults.add("bad-number", "annee-cycle", text)
    return False
