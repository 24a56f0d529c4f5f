"""The dialect of the national training account (EDOF) converted to the shape of LHEO 2: extras become elements.

It has LHEO's elements in a namespace of its own; prices, contacts and more are in ``extras``, named by ``info``. See
docs/feeds.md for what is publicly known about it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from lxml import etree

from indexer.normalize.dates import ANY_DAY
from indexer.normalize.numbers import parse_amount
from indexer.normalize.texts import bare_words, clean_line

EXTRAS: Final = ("extras", "extra")
Extras = dict[str, etree._Element]
Read = tuple[str | None, tuple[str, ...]]  # a text, and the extras that state it
STREET: Final = ("numero-voie", "code-nature-voie", "libelle-voie")


def reshape(formation: etree._Element) -> None:
    """Add the elements that LHEO 2 would have to actions and sessions; all other extras are kept."""
    for address in [each for each in formation.iter() if _name(each) == "adresse"]:
        _add(address, "ligne", dict(_extras(address)), _street)
    for action in _children(formation, "action"):
        extras = dict(_extras(action))
        _move_contact(action, extras, "contact-information", "contact-information")
        _add(action, "prix-total-TTC", extras, _price)
        _add(action, "nombre-heures-total", extras, partial(_hours, action))
        _add(action, "frais-restants", extras, _remaining)
        for session in _children(action, "session"):
            _move_contact(session, dict(_extras(session)), "contact-inscription", "contact-session")


def open_sessions(offer: dict[str, Any]) -> None:
    """Give sessions of a permanent entry without a period a window that every start filter matches."""
    if offer.get("entry") == "permanent":
        for session in offer.get("sessions", ()):
            if "start_text" not in session and "end_text" not in session:
                session["window"] = {"gte": ANY_DAY[0], "lte": ANY_DAY[1]}


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in list(element) if _name(child) == name)


def _extras(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the contents of an element's extras by ``info``, at any depth; of equal names the first comes last."""
    for child in reversed(element):
        if _name(child) in EXTRAS:
            yield from _extras(child)
            yield child.get("info", ""), child


def _text(element: etree._Element, name: str) -> str | None:
    child = next(_children(element, name), None)
    return clean_line(child.text) if child is not None else None


def _told(extras: Extras, info: str) -> str | None:
    return clean_line(extras[info].text) if info in extras else None


def _add(element: etree._Element, name: str, extras: Extras, read: Callable[[Extras], Read]) -> None:
    """Add the values of extras, unless the element has a value; extras that repeat it are not kept twice."""
    text, used = read(extras)
    stated = _text(element, name)
    if text is None or (stated is not None and bare_words(stated) != bare_words(text)):
        return
    if stated is None:
        _append(element, name).text = text
    for info in used:
        if info in extras:
            extras[info].text = None


def _append(element: etree._Element, name: str) -> etree._Element:
    namespace = etree.QName(element).namespace
    return etree.SubElement(element, etree.QName(namespace, name) if namespace else name)


def _move_contact(element: etree._Element, extras: Extras, info: str, name: str) -> None:
    """Move the ``coordonnees`` inside an extra into a contact of the element."""
    if info in extras:
        _append(element, name).extend(list(_children(extras[info], "coordonnees")))


def _price(extras: Extras) -> Read:
    """Return the price with taxes, as stated, else computed from net price and tax rate."""
    told = _told(extras, "frais-ttc")
    net, rate = (parse_amount(_told(extras, info) or "") for info in ("frais-ht", "taux-tva"))
    if told is None and net is not None and rate is not None:
        return f"{net * (1 + rate / 100):.2f}", ("frais-ht", "taux-tva")
    untaxed = rate == 0 and told is not None and net == parse_amount(told)  # then the net price adds nothing
    return told, ("frais-ttc", "frais-ht", "taux-tva") if untaxed else ("frais-ttc",)


def _hours(action: etree._Element, extras: Extras) -> Read:
    """Return the hours in centre and company together, else the total duration in the extras."""
    parts = [parse_amount(_text(action, f"nombre-heures-{where}") or "") for where in ("centre", "entreprise")]
    total = sum(part for part in parts if part)
    return (f"{total:g}", ()) if total else (_told(extras, "duree-apprentissage"), ("duree-apprentissage",))


def _remaining(extras: Extras) -> Read:
    """Return the remaining costs and their purpose; zero only if the purpose is stated."""
    amount, why = parse_amount(_told(extras, "frais-anpec") or ""), _told(extras, "detail-frais-anpec")
    shown = f"{amount:.2f} €".replace(".00", "").replace(".", ",") if amount or (why and amount == 0) else None
    return " : ".join(part for part in (shown, why) if part) or None, ("frais-anpec", "detail-frais-anpec")


def _street(extras: Extras) -> Read:
    return " ".join(part for info in STREET if (part := _told(extras, info))) or None, STREET
