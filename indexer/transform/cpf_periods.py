"""Periods in which an offer was declared to be paid by the CPF: the national pool's extras ``eligibilite-cpf``.

Each has a first and a last day, and tells for whom it holds: employees, job seekers or everybody (``public`` 1, 2, 3),
the whole country or some regions, all branches or some. Sessions carry them in the pool's feeds; formations and actions
may, too. All but the days stays among the other elements.
"""

from collections.abc import Iterator
from typing import Any, Final

from indexer.normalize.numbers import parse_flag
from indexer.transform.faults import Faults
from indexer.transform.read import compact, distinct, read_day
from indexer.transform.tree import Node
from mappings.days import is_inverted

EXTRAS: Final = "extras:eligibilite-cpf"
EVERYBODY: Final = "3"
AUDIENCES: Final = ("1", "2", EVERYBODY)
FOR_ALL: Final = ("extra:france-entiere", "extra:inter-branche")  # flags; 0 restricts the period
SOME: Final = ("extra:region", "extra:branche")


def read_cpf_periods(formation: Node, action: Node, faults: Faults) -> list[dict[str, Any]]:
    """Return the periods of an action, of its training and of its sessions in feed order, each once."""
    return distinct(_read_period(node, faults) for node in _declarations(formation, action))


def _declarations(formation: Node, action: Node) -> Iterator[Node]:
    for node in (formation, action, *action.all("session")):
        yield from node.boxes.get(EXTRAS, ())


def _read_period(node: Node, faults: Faults) -> dict[str, Any]:
    """Return one period; one that is damaged, or has no day at all, promises nothing to everybody."""
    first_text, first = read_day(node, "extra:debut-validite", faults)
    last_text, last = read_day(node, "extra:fin-validite", faults)
    sound = first.sound and last.sound and (first.first or last.last)
    if is_inverted(first, last):
        faults.add("inverted-period", "eligibilite-cpf", f"{first_text} {last_text}")
        sound = False
    return compact(
        {
            "first": first.first,
            "last": None if is_inverted(first, last) else last.last,
            "limited": True if not sound or _is_limited(node, faults) else None,
        }
    )


def _is_limited(node: Node, faults: Faults) -> bool:
    """Tell whether the period holds for some people only; the texts are not taken, so that they are kept."""
    audience = _text(node, "extra:public")
    if audience not in (*AUDIENCES, ""):
        faults.add("unknown-code", "eligibilite-cpf/public", audience)
    limited = audience not in (EVERYBODY, "") or any(node.texts.get(name) for name in SOME)
    for name in FOR_ALL:
        if text := _text(node, name):
            flag = parse_flag(text)
            if flag is None:
                faults.add("unknown-code", name.replace("extra:", "eligibilite-cpf/"), text)
            limited |= flag is not True
    return limited


def _text(node: Node, name: str) -> str:
    return next(iter(node.texts.get(name, ())), "").strip()
