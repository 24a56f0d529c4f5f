"""The texts of a record that no rule took, by path, within limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.transform.faults import Faults
from indexer.transform.tree import EMPTY, OWN_OTHERS, Node, Others, shown_name
from mappings.codes import region_by_department, region_by_former_region

MOST_OTHERS: Final = 400  # texts of other elements stored for an offer, and for each of its sessions
MOST_PER_PATH: Final = 250  # of one path, so that a long list does not displace the rest
LONGEST_OTHER: Final = 3_000  # characters of one; LHEO allows no longer text
LONGEST_PATH: Final = 500
ALL_OTHERS: Final = 40_000  # characters of all, of an offer without its sessions
ALL_SESSION_OTHERS: Final = 200_000  # of all sessions of an offer

POSITION: Final = ("code-INSEE-commune", "latitude", "longitude")
FOLLOWING: Final = frozenset({"departement", "region", "pays"})
EXTRA_NAME: Final = re.compile(r"\bextras?:")  # paths name extras with their ``info``
Said = frozenset[tuple[str, str]]  # element and text: locations of an action's places, as written in the feed


def addresses_of(action: Node) -> list[Node]:
    """Return the addresses of the places of an action."""
    return [place.inside("coordonnees", "adresse") for place in action.all("lieu-de-formation")]


def said_of(addresses: Sequence[Node]) -> Said:
    """Return the locations of places: an address that repeats them adds nothing."""
    said: set[tuple[str, str]] = set()
    for address in addresses:
        point = address.first("geolocalisation") or EMPTY
        extra = address.first("extras:geolocalisation") or EMPTY
        for node in (address, point, extra):
            for name, texts in node.texts.items():
                if shown_name(name) in POSITION:
                    said.update((shown_name(name), text.strip()) for text in texts)
    return frozenset(said)


def read_leftovers(node: Node, path: str, addresses: Sequence[Node] = ()) -> Others:
    """Return path and text of everything that no rule took from a tree; containers with their own list are skipped.

    Addresses equal to one of ``addresses`` (those of the places, which most other addresses repeat) are left out.
    """
    return node.others + set_down_unread(node, path, addresses)


def set_down_unread(node: Node, path: str, addresses: Sequence[Node] = ()) -> Others:
    """Return path and text of the untaken elements of the tree that add information."""
    found: Others = []
    _collect(node, path, addresses, found)
    return found


def _collect(node: Node, path: str, addresses: Sequence[Node], found: Others) -> None:
    taken = node.taken
    for name, texts in node.texts.items():
        if taken.get(name) != len(texts):
            found += _unread_texts(node, name, path)
    for name, boxes in node.boxes.items():
        if name in OWN_OTHERS:
            continue
        inside = f"{path}{name}/"
        for box in boxes:
            if name != "adresse" or not _is_repeated(box, addresses):
                _collect(box, inside, addresses, found)


def _is_repeated(address: Node, addresses: Sequence[Node]) -> bool:
    return any(address is not other and _equal(address, other) for other in addresses)


def _equal(one: Node, other: Node) -> bool:
    return (
        one.texts == other.texts
        and one.boxes.keys() == other.boxes.keys()
        and all(
            len(boxes) == len(other.boxes[name]) and all(map(_equal, boxes, other.boxes[name]))
            for name, boxes in one.boxes.items()
        )
    )


def _unread_texts(node: Node, name: str, path: str) -> Others:
    texts, taken = node.texts[name], node.taken.get(name, 0)
    rows = []
    for stated in texts[taken:]:
        text = stated.strip()
        if text and stated not in texts[:taken] and not _follows(node, name, text):
            rows.append((EXTRA_NAME.sub("", f"{path}{name}").rstrip("/"), text))
    return rows


def _follows(address: Node, name: str, text: str) -> bool:
    """Tell whether a code of an address follows from its other codes: the département, its region, France."""
    if name not in FOLLOWING:
        return False
    insee, postal_code = address.texts.get("code-INSEE-commune"), address.texts.get("codepostal")
    return _follows_from(name, text, insee[0].strip() if insee else "", postal_code[0].strip() if postal_code else "")


@lru_cache(maxsize=20_000)
def _follows_from(name: str, text: str, insee: str, postal_code: str) -> bool:
    """Tell whether a code follows from those of a commune.

    >>> _follows_from("departement", "81", "81004", ""), _follows_from("region", "73", "", "81000")
    (True, True)
    >>> _follows_from("departement", "82", "81004", "81000"), _follows_from("pays", "BE", "", "")
    (False, False)
    """
    if name == "departement":
        return insee.startswith(text) or postal_code.startswith(text)
    if name == "region":
        today, regions = region_by_former_region().get(text, text), region_by_department()
        return any(regions.get(code[:length]) == today for code in (insee, postal_code) for length in (2, 3))
    return text == "FR"


@dataclass(slots=True)
class OthersBudget:
    """The number of characters that may still be stored, over several lists."""

    room: int


def to_others(found: Others, said: Said, budget: OthersBudget, faults: Faults) -> dict[str, list[str]]:
    """Return path -> texts, each once, within limits; a fault reports anything beyond them."""
    others: dict[str, list[str]] = {}
    left = MOST_OTHERS
    for path, stated in found:
        if (path.rpartition("/")[2], stated) in said:
            continue
        path, value = path[:LONGEST_PATH], _line(path, stated, faults)
        texts = others.get(path, [])
        if value in texts:
            continue
        room = budget.room - len(value) - len(path)
        if len(texts) == MOST_PER_PATH or not left or room < 0:
            faults.add("too-many-others", path, value)
            if len(texts) < MOST_PER_PATH:
                break
            continue
        budget.room, left = room, left - 1
        others[path] = [*texts, value]
    return others


def _line(path: str, stated: str, faults: Faults) -> str:
    value = " ".join(stated.split())
    if len(value) > LONGEST_OTHER:
        faults.add("overlong-text", path.rpartition("/")[2], f"{len(value)} caractères")
    return value[:LONGEST_OTHER]
