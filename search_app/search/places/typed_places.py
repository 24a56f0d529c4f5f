"""The readings of a place as people type it: « Lille 59 », « 59000, Lille », « LYON CEDEX 03 », « Lille, France »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CEDEX: Final = "CEDEX"  # a postal code of large mail recipients
_CODE: Final = re.compile(r"\d{2,3}|2[AB]|\d{5}", re.IGNORECASE | re.ASCII)
_POSTAL_CODE: Final = re.compile(r"\d{5}", re.ASCII)
_LETTER: Final = re.compile(r"[^\W\d_]")
_CEDEX_AT_THE_END: Final = re.compile(rf" {CEDEX}(?: (?P<number>\d{{1,2}}))?$", re.IGNORECASE)
_KIND_BEFORE: Final = re.compile(r"(?:r[eé]gion|d[eé]partement) (?:d[eu] |des |d'|de la |de l')?", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"(?:(?:à|a|aux?|vers|sur|en|dans|autour|pr[eè]s|proche|ville|commune|secteur|environs)(?: d[eu]s?)? |d'|l')?"
    r"(?:le |la |les |l')?",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"[ ,](?:et )?(?:(?:ses|les|la|sa) )?(?:alentours?|environs?|périphérie|agglo(?:mération)?|centre(?:[ -]ville)?)$",
    re.IGNORECASE,
)
_COUNTRY_AT_THE_END: Final = re.compile(r"[ ,]france$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A name, or a code alone as ``hint``; with both, the places of that name to which the code or the area belongs,
    or the postal code of that name if it stands first.
    """

    name: str = ""
    hint: str = ""
    is_code_first: bool = False


def readings_of(typed: str) -> Iterator[Reading]:
    """Yield the readings of a typed place, the most literal first, but « Marseille (13) » is no arrondissement.

    >>> [(each.name, each.hint) for each in readings_of("Lille, 59")], [each.hint for each in readings_of("81 000")]
    ([('Lille, 59', ''), ('Lille', '59')], ['81000'])
    >>> [each.name for each in readings_of("LYON CEDEX 03")], [each.name for each in readings_of("Lille, France")]
    (['LYON CEDEX 03', 'LYON CEDEX', 'LYON 03', 'LYON'], ['Lille, France', 'Lille', 'Lille'])
    """
    text = " ".join(typed.split()).strip(" ,")
    if _CODE.fullmatch(text.replace(" ", "")):
        yield Reading(hint=text.replace(" ", "").upper())
        return
    readings = (Reading(text), *_with_hint(text))
    yield from reversed(readings) if text.endswith(")") else readings
    cedex = _CEDEX_AT_THE_END.search(text)
    if cedex and cedex["number"]:
        yield Reading(f"{text[: cedex.start()]} {cedex['number']}")
    shorter = text[: cedex.start()] if cedex else _COUNTRY_AT_THE_END.sub("", text)
    kind = _KIND_BEFORE.match(text)
    if kind or shorter != text:
        yield from readings_of(text[kind.end() :] if kind else shorter)
    bare = _AFTER.sub("", _BEFORE.sub("", text, count=1))
    if bare not in ("", text, shorter):
        yield from readings_of(bare)


def _with_hint(text: str) -> Iterator[Reading]:
    """Yield the name and what tells it from its namesakes: « Albi (81) », « Albi 81000 », « 81000 Albi »."""
    if text.endswith(")"):
        name, _, hint = text[:-1].rpartition("(")
    elif "," in text and not any(map(str.isdigit, text)):
        name, _, hint = text.rpartition(",")  # « Lille, Nord »
    else:
        name, _, hint = text.rpartition(" ")
        hint = hint if _CODE.fullmatch(hint) else ""
    is_code_first = not hint and bool(_POSTAL_CODE.match(text))
    if is_code_first:
        hint, name = text[:5], text[5:]
    if hint and _LETTER.search(name):
        yield Reading(name.strip(" ,-"), hint, is_code_first)
