"""Identifiers of texts, in one form: ELI, NOR, ISBN, OAI."""

import re
from typing import Final

LONGEST: Final = 300
# https://www.legifrance.gouv.fr/eli/decret/2026/1/5/ABCD2600001D/jo/texte: the part after /eli/, without its form.
ELI: Final = re.compile(r"(?P<path>[a-z_-]{1,40}/\d{4}/\d{1,2}/\d{1,2}/[\w-]{1,60}(?:/.*)?)", re.I | re.S | re.A)
ELI_FORM: Final = re.compile(r"/(?:jo/texte|texte|jo|ojs?)(?:/(?:fr|fra))?/?$", re.I)
NOR: Final = re.compile(r"(?<![A-Za-z0-9])([A-Z]{3}[A-Z0-9]\d{7}[A-Z])(?![A-Za-z0-9])")
NOR_TOLD: Final = re.compile(r"(?:urn:)?nor\s?[:=]?\s?([A-Za-z]{3}[A-Za-z0-9]\s?\d{7}\s?[A-Za-z])", re.I)
ISBN_TOLD: Final = re.compile(
    r"(?:urn:)?isbn(?:[- ]?1[03])?\s?[:=]?\s?(97[89](?:[\s-]?\d){10}(?!\d)|\d(?:[\s-]?\d){8}[\s-]?[\dXx](?![\dXx]))",
    re.I,
)
ISBN_BARE: Final = re.compile(r"97[89][\s-]?(?:\d[\s-]?){9}\d")


def read_identifiers(texts: list[str]) -> list[str]:
    """Return the identifiers that texts hold, normalised, sorted, each once.

    >>> read_identifiers(["https://www.legifrance.gouv.fr/eli/decret/2026/1/5/ABCD2600001D/jo/texte"])
    ['eli:decret/2026/1/5/ABCD2600001D', 'nor:ABCD2600001D']
    >>> read_identifiers(["ISBN 2-07-036002-4", "978-2-07-036002-4", "oai:Docs.example:12", "12345"])
    ['isbn:9782070360024', 'oai:Docs.example:12']
    """
    found: set[str] = set()
    for text in texts:
        bare = " ".join(text.split())
        if not bare or len(bare) > LONGEST:
            continue
        if bare.lower().startswith("oai:"):
            found.add(f"oai:{bare[4:]}")
            continue
        eli, isbn = _eli(bare), _isbn(bare)
        nor = NOR_TOLD.fullmatch(bare) or (NOR.search(bare) if eli or NOR.fullmatch(bare) else None)
        found |= {f"eli:{eli}"} if eli else set()
        found |= {f"isbn:{isbn}"} if isbn else set()
        found |= {f"nor:{nor[1].upper().replace(' ', '')}"} if nor else set()
    return sorted(found)


def nor_in_title(title: str) -> str | None:
    """Return the NOR that a title names in so many words, None if it names none.

    >>> nor_in_title("Arrêté du 3 mars 2026 (NOR : ABCD2600002A)"), nor_in_title("ABCD2600002A")
    ('nor:ABCD2600002A', None)
    """
    told = re.search(r"\bNOR\s?:?\s?([A-Z]{3}[A-Z0-9]\d{7}[A-Z])\b", title)
    return f"nor:{told[1]}" if told else None


def _eli(text: str) -> str | None:
    bare = text.split("?")[0].split("#")[0]
    _, marked, path = bare.partition("/eli/")
    told = ELI.fullmatch(path if marked else re.sub(r"^eli[:/] ?", "", bare, flags=re.I))
    if not told or not (marked or bare.lower().startswith("eli")):
        return None
    kind, year, month, day, number, *rest = ELI_FORM.sub("", told["path"].strip().rstrip("/")).split("/")
    number = number.upper() if NOR.fullmatch(number.upper()) else number
    return "/".join([kind.lower(), year, str(int(month)), str(int(day)), number, *rest])


def _isbn(text: str) -> str | None:
    """Return an ISBN as 13 digits; None if the check digit is wrong, or nothing says that it is one.

    >>> _isbn("9782070360024"), _isbn("ISBN 2070360024"), _isbn("9782070360025"), _isbn("2070360024")
    ('9782070360024', '9782070360024', None, None)
    """
    told = ISBN_TOLD.match(text)
    if not told and not ISBN_BARE.fullmatch(text):
        return None
    digits = re.sub(r"[\s-]", "", told[1] if told else text).upper()
    if len(digits) == 10 and digits[:9].isdigit():
        total = sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits))
        return _isbn13(f"978{digits[:9]}") if total % 11 == 0 and "X" not in digits[:9] else None
    return digits if len(digits) == 13 and digits.isdigit() and _isbn13(digits[:12]) == digits else None


def _isbn13(twelve: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"
