"""Declaration numbers as catalogues state them, in the register's form."""

import re
from typing import Final

BETWEEN: Final = re.compile(r"[^0-9A-Za-z]+")
NDA: Final = re.compile(r"[0-9]{2}[0-9A-Z]{9}")


def stated_nda(text: str) -> str | None:
    """Return the number in a text; None if there is none, as in « en cours », or a filler: one digit throughout.

    A first zero that a spreadsheet took comes back.

    >>> stated_nda("11 75 54185 27"), stated_nda("4154P001454"), stated_nda("2691234567"), stated_nda("en cours")
    ('11755418527', '4154P001454', '02691234567', None)
    >>> stated_nda("00000000000"), stated_nda("0000000000"), stated_nda("99 99 99999 99"), stated_nda("00000000001")
    (None, None, None, '00000000001')
    """
    bare = BETWEEN.sub("", text).upper()
    if len(bare) == 10:
        bare = f"0{bare}"
    found = NDA.fullmatch(bare)
    return found[0] if found and len(set(bare)) > 1 else None
