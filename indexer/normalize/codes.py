"""Codes of nomenclatures, without the prefixes and slips of feeds."""

import re
from typing import Final

FIVE_DIGITS: Final = re.compile(r"[0-9]{5}")
ROME: Final = re.compile(r"[A-Z][0-9]{4}")
NSF: Final = re.compile(r"[0-9]{3}[a-z]?")
REGISTER: Final = re.compile(r"(RNCP|RS)?0*([0-9]{1,8})", re.I)
PLAIN: Final = re.compile(r"[A-Za-z0-9_.\-]{1,20}")


def is_five_digits(text: str) -> bool:
    """Tell whether a text has the form of a Formacode or an audience code.

    >>> is_five_digits("83056"), is_five_digits("8305")
    (True, False)
    """
    return FIVE_DIGITS.fullmatch(text) is not None


def parse_rome(text: str) -> str | None:
    """Return a ROME code in the current form; None for anything else, including the five digits used before 2009.

    >>> parse_rome("g1605"), parse_rome("23221")
    ('G1605', None)
    """
    code = text.upper()
    return code if ROME.fullmatch(code) else None


def parse_nsf(text: str) -> str | None:
    """Return a code of the speciality table, three digits.

    >>> parse_nsf("326t"), parse_nsf("3")
    ('326', None)
    """
    return text[:3] if NSF.fullmatch(text) else None


def parse_register(text: str, assumed: str) -> tuple[str, str] | None:
    """Return (register, digits) of a certification code; its own prefix takes precedence over the element's register.

    >>> parse_register("RNCP4911", "RNCP"), parse_register("RS 5802", "RNCP"), parse_register("0320", "RNCP")
    (('RNCP', '4911'), ('RS', '5802'), ('RNCP', '320'))
    >>> parse_register("sans", "RNCP")
    """
    found = REGISTER.fullmatch(re.sub(r"[\s:°.-]+", "", text))
    return ((found[1] or assumed).upper(), found[2]) if found else None


def parse_plain(text: str, prefix: str = "") -> str | None:
    """Return a short code without its prefix; None if it is not a code.

    >>> parse_plain("CPF 237261", "CPF"), parse_plain("25051"), parse_plain("voir le site internet")
    ('237261', '25051', None)
    """
    code = text.upper().removeprefix(prefix).strip() if prefix else text.strip()
    return code if PLAIN.fullmatch(code) else None
