"""Postal codes in or beside a town's name: « 75000 PARIS »."""

import re
from collections.abc import Callable
from typing import Final

from indexer.normalize.places import department_of

BEFORE: Final = re.compile(r"(?:F\s?-\s?)?([0-9]{5})(?![0-9])[\s,:–-]*(.*)", re.IGNORECASE)
SEPARATORS: Final = " ,:(–-"
BOXES: Final = re.compile(r"\b(?:b\.? ?p|c\.? ?s|t\.? ?s\.? ?a|cidex|n°)\.?$", re.IGNORECASE)  # with their numbers


def split_town(
    town: str, postal_code: str | None = None, knows: Callable[[str], bool] = lambda code: False
) -> tuple[str | None, str | None]:
    """Return a town's name without a postal code, and that code; None if no code is certain.

    Before the name, five digits are a code if they begin like a département; after it only the stated ``postal_code``,
    or one that ``knows`` has.

    >>> split_town("75000 PARIS"), split_town("F-81000 Albi CEDEX 9"), split_town("81000")
    (('PARIS', '75000'), ('Albi CEDEX 9', '81000'), (None, '81000'))
    >>> split_town("Albi (81000)", "81000"), split_town("Albi 81000", knows=lambda code: code == "81000")
    (('Albi', '81000'), ('Albi', '81000'))
    >>> split_town("Albi 81000"), split_town("Albi BP 81000", "81000"), split_town("99000 X"), split_town("LYON 03")
    (('Albi 81000', None), ('Albi BP 81000', None), ('99000 X', None), ('LYON 03', None))
    """
    code = None
    if (found := BEFORE.fullmatch(town)) and department_of(found[1]):
        code, town = found[1], found[2]
    name, last = _split_end(town)
    if last and (last in (code, postal_code) or (code is None and department_of(last) and knows(last))):
        code, town = last, name
    return town or None, code


def read_town(
    town: str | None, postal_code: str | None, knows: Callable[[str], bool] = lambda code: False
) -> tuple[str | None, str | None, str | None]:
    """Return a town's name, the postal code of its address, and the one beside the name.

    >>> read_town("75000 PARIS", "00000"), read_town("81000 Albi", "81100"), read_town("Albi", None)
    (('PARIS', '75000', '75000'), ('Albi', '81100', '81000'), ('Albi', None, None))
    """
    name, code = split_town(town, postal_code, knows) if town else (town, None)
    told = postal_code and postal_code.strip("0 ")
    return name, postal_code if told or code is None else code, code


def _split_end(town: str) -> tuple[str, str]:
    """Return a name and the five digits after it, None if they are the number of a letter box."""
    bare = town.removesuffix(")")
    name, last = bare[:-5].rstrip(SEPARATORS), bare[-5:]
    apart = bare[-6:-5] in SEPARATORS and last.isascii() and last.isdigit()
    if not name or not apart or BOXES.search(name):
        return town, ""
    return name, last
