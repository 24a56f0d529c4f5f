"""Values of the register's columns: numbers with their check digits, dates, booleans; None for what is not told."""

import re
from datetime import date
from typing import Final

LA_POSTE: Final = "356000000"
FRENCH_DAY: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:\s.*)?")
ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?")
NDA: Final = re.compile(r"[0-9]{2}[0-9A-Z]{9}")
BETWEEN: Final = re.compile(r"[\s.\-\u00a0\u202f]+")
FALSE: Final = frozenset(("false", "faux", "0", "non"))
TRUE: Final = frozenset(("true", "vrai", "1", "oui"))
MOST: Final = 2**31 - 1  # of an integer of the mapping


class BadValue(ValueError):
    """A value that its column does not allow."""


def has_check_digit(digits: str) -> bool:
    """Tell whether the last digit of a SIREN or SIRET is right (Luhn).

    A SIRET of La Poste is right, too, if the sum of its digits is a multiple of five.

    >>> has_check_digit("732829320"), has_check_digit("732829321"), has_check_digit("73282932000074")
    (True, False, True)
    >>> has_check_digit("35600000049837"), has_check_digit("35600000049838")
    (True, False)
    """
    doubled = (int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits)))
    if sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0:
        return True
    return len(digits) == 14 and digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0


def digits_of(text: str, length: int) -> str | None:
    """Return a number of so many digits, without the blanks between them; None if it is empty.

    >>> digits_of("732 829 320", 9), digits_of(" ", 9)
    ('732829320', None)
    """
    bare = BETWEEN.sub("", text)
    if not bare:
        return None
    if len(bare) != length or not (bare.isascii() and bare.isdigit()):
        raise BadValue(f"{length} digits are expected")
    return bare


def parse_flag(text: str) -> bool | None:
    """Return a boolean, None if it is empty.

    >>> parse_flag("true"), parse_flag("False"), parse_flag("")
    (True, False, None)
    """
    word = text.strip().lower()
    if word in TRUE or word in FALSE:
        return word in TRUE
    if word:
        raise BadValue("true, false or nothing is expected")
    return None


def parse_day(text: str) -> str | None:
    """Return a day in ISO form, None if it is empty.

    >>> parse_day("31/05/2026"), parse_day("2026-05-31T00:00:00Z"), parse_day("")
    ('2026-05-31', '2026-05-31', None)
    """
    bare = text.strip()
    if not bare:
        return None
    if french := FRENCH_DAY.fullmatch(bare):
        day, month, year = french.groups()
    elif iso := ISO_DAY.fullmatch(bare):
        year, month, day = iso.groups()
    else:
        raise BadValue("a day as 31/12/2026 is expected")
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise BadValue("there is no such day") from None


def parse_count(text: str) -> int | None:
    """Return a whole number of people, None if it is empty.

    >>> parse_count("12"), parse_count("12.0"), parse_count("")
    (12, 12, None)
    """
    bare = BETWEEN.sub("", text.removesuffix(".0").strip())
    if not bare:
        return None
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 10 or int(bare) > MOST:
        raise BadValue("a whole number is expected")
    return int(bare)


def parse_nda(text: str) -> str | None:
    """Return a declaration number in its usual form, None if it is empty; a lost first zero comes back.

    >>> parse_nda("4154P001454"), parse_nda("2 69 12345 67"), parse_nda("-")
    ('4154P001454', '02691234567', None)
    """
    bare = BETWEEN.sub("", text).upper()
    if not bare:
        return None
    if len(bare) == 10:
        bare = f"0{bare}"
    if not NDA.fullmatch(bare):
        raise BadValue("11 characters are expected")
    return bare
