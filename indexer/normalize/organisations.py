"""Numbers and web addresses of legal bodies."""

import re
from typing import Final

NOT_DIGIT: Final = re.compile(r"[\s.\u00a0-]+")
HOST: Final = re.compile(r"(?:[\w-]{1,63}\.)+[a-zA-Z]{2,24}(?:[:/?#]\S*)?")


def parse_siret(text: str) -> tuple[str | None, str | None]:
    """Return (SIREN, SIRET) of a SIRET field, each None if it is invalid.

    >>> parse_siret("817 576 275 00017"), parse_siret("022222222222222")
    (('817576275', '81757627500017'), ('222222222', '22222222222222'))
    >>> parse_siret("817576275"), parse_siret("00000000000000"), parse_siret("12345")
    (('817576275', None), (None, None), (None, None))
    """
    digits = NOT_DIGIT.sub("", text)
    if len(digits) == 15 and digits.startswith("0"):
        digits = digits[1:]
    if not digits.isascii() or not digits.isdigit() or not digits.strip("0"):
        return None, None
    if len(digits) == 14 and digits[:9].strip("0"):
        return digits[:9], digits
    return (digits, None) if len(digits) == 9 else (None, None)


def parse_url(text: str) -> str | None:
    """Return an address that is safe in a link: http or https only, added if a feed omits it.

    >>> parse_url("https://www.example.org/a?b=1"), parse_url("www.example.org"), parse_url("javascript:alert(1)")
    ('https://www.example.org/a?b=1', 'http://www.example.org', None)
    """
    url = text.strip()
    if any(character.isspace() or character in '<>"' for character in url) or len(url) > 2_000:
        return None
    scheme, mark, rest = url.partition("://")
    if mark and scheme.lower() in ("http", "https"):
        return (
            url if HOST.match(rest) or rest.startswith(("localhost", "[")) or re.match(r"[0-9.]{7,15}", rest) else None
        )
    return f"http://{url}" if HOST.fullmatch(url) and "@" not in url.partition("/")[0] else None
