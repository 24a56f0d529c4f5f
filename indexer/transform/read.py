"""Reads texts, codes and numbers from a record's tree, cleaned; errors become faults."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from indexer.normalize.dates import restate_iso
from indexer.normalize.numbers import parse_amount, parse_count, parse_flag
from indexer.normalize.organisations import parse_url
from indexer.normalize.texts import LONGEST_LINE, LONGEST_TEXT, SHORT, clean_line, clean_short, clean_text
from indexer.transform.faults import Faults
from indexer.transform.tree import Node
from mappings.codes import lheo_table
from mappings.days import Day, parse_day

Code = TypeVar("Code", bound=str)
DATE_TEXT: Final = 50  # characters of a date's text that are stored


def compact(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with a value: no None, no empty text or list.

    >>> compact({"a": 0, "b": False, "c": None, "d": [], "e": ""})
    {'a': 0, 'b': False}
    """
    return {name: value for name, value in fields.items() if value or (value is not None and value == 0)}


def distinct(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the non-empty rows, in order, each once.

    >>> distinct([{"a": 1}, {}, {"a": 2}, {"a": 1}])
    [{'a': 1}, {'a': 2}]
    """
    found: list[dict[str, Any]] = []
    for row in rows:
        if row and row not in found:
            found.append(row)
    return found


def line(node: Node, name: str, faults: Faults) -> str | None:
    """Return the text of the first child of that name as one line."""
    found = node.texts.get(name)  # inlined ``take_first``: seventy texts per record pass here
    if not found:
        return None
    node.taken.setdefault(name, 1)
    stated = found[0]
    if len(stated) <= SHORT:
        return clean_short(stated)
    cleaned = clean_line(stated)
    return cut(cleaned, LONGEST_LINE, name, faults) if cleaned else None


def cut(text: str, longest: int, name: str, faults: Faults) -> str:
    """Return the stored part of a text."""
    if len(text) <= longest:
        return text
    faults.add("overlong-text", name, f"{len(text)} caractères")
    return text[:longest].rstrip()


def text(node: Node, name: str, faults: Faults) -> str | None:
    """Return the text of the first child of that name as paragraphs."""
    stated = node.take_first(name)
    cleaned = clean_text(stated) if stated is not None else None
    return cut(cleaned, LONGEST_TEXT, name, faults) if cleaned else None


def lines(node: Node, name: str, faults: Faults, longest: int = LONGEST_LINE) -> list[str]:
    """Return the texts of all children of that name, each as one line, without repeats."""
    found = node.take(name)
    if not found:
        return []
    if len(found) == 1:
        only = clean_line(found[0])
        return [cut(only, longest, name, faults)] if only else []
    cleaned = [cut(one, longest, name, faults) for stated in found if (one := clean_line(stated))]
    return list(dict.fromkeys(cleaned))


def flag(node: Node, name: str, faults: Faults) -> bool | None:
    """Return a truth value, None if it is missing or invalid."""
    stated = line(node, name, faults)
    if stated is None:
        return None
    value = parse_flag(stated)
    if value is None:
        faults.add("unknown-code", name, stated)
    return value


def coded(node: Node, name: str, table: Mapping[str, Code], faults: Faults, mute: str = "") -> Code | None:
    """Return the meaning of a code in a table; codes in ``mute`` are valid and have none."""
    stated = line(node, name, faults)
    if stated is None:
        return None
    value = table.get(stated)
    if value is None and stated not in mute.split():
        faults.add("unknown-code", name, stated)
    return value


def labelled(node: Node, name: str, table: str, faults: Faults, mute: str = "") -> str | None:
    """Return the label of a code in a table of LHEO, the text itself if the table does not have it."""
    stated = line(node, name, faults)
    if stated is None or stated in mute.split():
        return None
    label = lheo_table(table).get(stated)
    if label is None:
        faults.add("unlabelled-code", name, stated)
    return label or stated


def amount(node: Node, name: str, kind: str, faults: Faults) -> float | None:
    """Return a price or a number of hours; an invalid one is a fault of that kind."""
    stated = line(node, name, faults)
    if stated is None:
        return None
    value = parse_amount(stated)
    if value is None:
        faults.add(kind, name, stated)
    return value


def count(node: Node, name: str, faults: Faults) -> int | None:
    """Return an integer, None for zero, which feeds write for "not stated"."""
    stated = line(node, name, faults)
    if stated is None:
        return None
    value = parse_count(stated)
    if value is None:
        rough = parse_amount(stated)
        value = int(rough) if rough is not None and rough.is_integer() else None
    if value is None or value < 0:
        faults.add(
            "negative-seats" if name.startswith("nb-places") and value is not None else "bad-number", name, stated
        )
        return None
    return value or None


def urls(node: Node, wrapper: str, faults: Faults) -> list[str]:
    """Return the web addresses inside a wrapper, such as ``web`` or ``url-action``."""
    found = []
    for stated in lines(node.inside(wrapper), "urlweb", faults) if wrapper in node.boxes else ():
        url = parse_url(stated)
        if url is None:
            faults.add("bad-url", wrapper, stated)
        else:
            found.append(url)
    return found


def read_day(period: Node, name: str, faults: Faults) -> tuple[str | None, Day]:
    """Return a date's text from the feed, and its meaning."""
    stated = line(period, name, faults)
    restated = restate_iso(stated) if stated and "-" in stated else None
    day = parse_day(restated or stated)
    if restated and day.sound:
        faults.add("iso-date", name, stated)
        stated = restated
    if not day.sound:
        faults.add("bad-date", name, stated)
    return stated[:DATE_TEXT] if stated else None, day
