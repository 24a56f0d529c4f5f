"""Legal bodies, contacts and addresses of a record."""

from functools import lru_cache
from typing import Any, Final

from indexer.normalize.organisations import parse_siret
from indexer.normalize.texts import LONGEST_LINE, clean_line
from indexer.normalize.town_codes import read_town
from indexer.transform.faults import Faults
from indexer.transform.read import compact, cut, distinct, labelled, line, lines, urls
from indexer.transform.tree import Node

ADDRESS: Final = ("denomination", "ligne", "codepostal", "ville", "pays")


def read_address(address: Node, faults: Faults) -> str | None:
    """Return an ``adresse`` as one line, None if it is empty."""
    written = _write_address(*[tuple(address.take(name)) for name in ADDRESS])
    return cut(written, LONGEST_LINE, "adresse", faults) if written else None


@lru_cache(maxsize=5_000)  # a record repeats an address up to five times, a provider in all its records
def _write_address(
    names: tuple[str, ...],
    rows: tuple[str, ...],
    postal_codes: tuple[str, ...],
    towns: tuple[str, ...],
    countries: tuple[str, ...],
) -> str:
    parts = [part for part in map(clean_line, (*names, *rows)) if part]
    town = _write_town(*(next(map(clean_line, texts[:1]), None) for texts in (postal_codes, towns)))
    if town:
        parts.append(town)
    country = next(map(clean_line, countries), None)
    if parts and country and country.upper() not in ("FR", "FRANCE"):
        parts.append(country)
    return ", ".join(dict.fromkeys(parts))


def _write_town(postal_code: str | None, town: str | None) -> str:
    """Return postal code and town; a code that is in both is written once."""
    name, code, found = read_town(town, postal_code)
    if found == code:  # a different code is kept
        postal_code, town = code, name
    return " ".join(part for part in (postal_code, town) if part)


def read_phones(coordinates: Node, faults: Faults) -> list[str]:
    """Return the telephone numbers of ``coordonnees``, fixed ones first."""
    boxes = (coordinates.inside(kind) for kind in ("telfixe", "portable"))
    found = [number for box in boxes for number in lines(box, "numtel", faults)]
    return list(dict.fromkeys(found))


def read_person(coordinates: Node, faults: Faults) -> str:
    """Return title, first name and name of ``coordonnees``; missing parts are left out."""
    names = [line(coordinates, part, faults) for part in ("civilite", "prenom", "nom")]
    return " ".join(name for name in names if name)


def read_email(coordinates: Node, faults: Faults) -> str | None:
    """Return the mail address of ``coordonnees``."""
    email = line(coordinates, "courriel", faults)
    if email and "@" not in email:
        faults.add("bad-email", "courriel", email)
        return None
    return email


def read_contact(coordinates: Node, role: str | None, faults: Faults) -> dict[str, Any]:
    """Return one contact, empty if it has only a role."""
    address = coordinates.first("adresse")
    contact = compact(
        {
            "name": read_person(coordinates, faults),
            "lines": lines(coordinates, "ligne", faults),
            "phones": read_phones(coordinates, faults),
            "email": read_email(coordinates, faults),
            "urls": urls(coordinates, "web", faults),
            "address": read_address(address, faults) if address else None,
        }
    )
    return {"role": role} | contact if contact and role else contact


def read_contacts(node: Node, names: tuple[str, ...], faults: Faults) -> list[dict[str, Any]]:
    """Return the contacts inside all children of those names, each once."""
    found: list[dict[str, Any]] = []
    for name in names:
        for child in node.all(name):
            role = labelled(child, "type-contact", "dict-type-contact", faults)
            contact = read_contact(child.inside("coordonnees"), role, faults)
            if not contact:
                child.taken.clear()  # a role without a contact
            elif contact not in found:
                found.append(contact)
    return found


def read_siret(node: Node, wrapper: str, faults: Faults) -> tuple[str | None, str | None]:
    """Return (SIREN, SIRET) of a body."""
    stated = line(node.inside(wrapper), "SIRET", faults)
    if stated is None:
        return None, None
    siren, siret = parse_siret(stated)
    if siren is None:
        faults.add("bad-siret", wrapper, stated)
    elif siret is None:
        faults.add("short-siret", wrapper, stated)
    return siren, siret


def read_provider(formation: Node, faults: Faults) -> dict[str, Any]:
    """Return the responsible provider, under the name in the feed."""
    node = formation.inside("organisme-formation-responsable")
    siren, siret = read_siret(node, "SIRET-organisme-formation", faults)
    shown, legal = line(node, "nom-organisme", faults), line(node, "raison-sociale", faults)
    if shown and legal and legal != shown:
        formation.others.append(("organisme-formation-responsable/raison-sociale", legal))
    return compact(
        {
            "siren": siren,
            "siret": siret,
            "name": shown or legal,
            "declaration": line(node, "numero-activite", faults),
            "contacts": read_contacts(node, ("coordonnees-organisme", "contact-organisme"), faults),
        }
    )


def read_trainers(action: Node, faults: Faults) -> list[dict[str, Any]]:
    """Return the delivering providers."""
    return distinct(_read_trainer(node, faults) for node in action.all("organisme-formateur"))


def _read_trainer(node: Node, faults: Faults) -> dict[str, Any]:
    siren, siret = read_siret(node, "SIRET-formateur", faults)
    return compact(
        {
            "siren": siren,
            "siret": siret,
            "name": line(node, "raison-sociale-formateur", faults),
            "contacts": read_contacts(node, ("contact-formateur",), faults),
        }
    )
