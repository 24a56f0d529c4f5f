"""Catalogue feeds as a hostile or broken sender makes them: valid ones of every form, damaged at tags and texts."""

import gzip
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from fixtures.traps.hostile import document, record

DATA: Final = Path(__file__).parents[2] / "fixtures" / "data"
RECORDS: Final = 4  # records of a valid feed
TOKEN: Final = re.compile(r"<[^<>]*>|[^<>]+")
RECORD_END: Final = re.compile(r"</(?:lheo:)?(?:formation|offre-formation|resume-offre)>")
ODD: Final = (
    *("", "-", "0", "00000000", "99999999", "20270231", "2027-03-01", "-1", "1e999", "9" * 400, "14,50 €", "NaN"),
    *(
        "&",
        "&amp;",
        "&nbsp;",
        "&eacute;",
        "&#0;",
        "&#x1;",
        "&#xD800;",
        "&#99999999;",
        "&x;",
        "&lol",
        "é",
        "\u0301",
        "\ufeff",
    ),
    *(
        "\x00",
        "\x01",
        "\x0b",
        "\x85",
        "\u2028",
        "\ufffe",
        "😀",
        "<",
        ">",
        "]]>",
        "-->",
        "?>",
        "</formation>",
        "<formation>",
    ),
    *("<!--", "<![CDATA[", "<?", "<?xml version='1.0'?>", "<!DOCTYPE a>", "<x:y>", "<a b='c", '"', "'", "a|b|c" * 200),
)
ATTRIBUTES: Final = (
    *(
        ' numero=""',
        ' numero="A1"',
        " numero='" + "n" * 3_000 + "'",
        ' xmlns="urn:x"',
        ' xmlns:lheo="urn:y"',
        " a",
        ' a="<"',
    ),
    *(' xmlns=""', ' ref="V99"', ' xml:lang="fr"', ' numero="A1" numero="A2"', ' q:r="s"', ' xmlns:xml="urn:z"'),
)
ENCODINGS: Final = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8",
    "cp1252",
    "iso8859-15",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "utf-8-sig",
)


@cache
def sound_feeds() -> tuple[str, ...]:
    """Return small feeds of every supported form, from the fixtures."""
    made = [document(record(f"A{number}") for number in range(RECORDS))]
    texts = [gzip.decompress(path.read_bytes()).decode() for path in sorted(DATA.glob("*.xml.gz"))]
    for path in sorted(DATA.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            texts += [archive.read(member).decode() for member in archive.infolist()]
    texts += [path.read_text("utf-8") for path in sorted(DATA.glob("*.xml"))]
    for text in texts:
        ends = [found.end() for found in RECORD_END.finditer(text)]
        made.append(text[: ends[min(RECORDS, len(ends)) - 1]] + text[ends[-1] :])
    return tuple(made)


def draw_feed(draw: random.Random) -> bytes:
    """Return the bytes of a feed with some damage."""
    tokens = TOKEN.findall(draw.choice(sound_feeds()))
    for _ in range(draw.choice((0, 1, 1, 2, 3, 6, 20))):
        tokens = draw.choice(CHANGES)(draw, tokens)
    data = "".join(tokens).encode(draw.choice(ENCODINGS), "replace")
    if draw.random() < 0.15:
        at = draw.randrange(len(data) + 1)
        data = data[:at] + draw.choice((b"\xff", b"\xc3", b"\x00", b"\xed\xa0\x80", draw.randbytes(5))) + data[at:]
    return data[: draw.randrange(len(data) + 1)] if draw.random() < 0.1 else data


def _at(draw: random.Random, tokens: list[str]) -> int:
    return draw.randrange(len(tokens)) if tokens else 0


def _insert(draw: random.Random, tokens: list[str]) -> list[str]:
    at = _at(draw, tokens)
    return [*tokens[:at], draw.choice(ODD), *tokens[at:]]


def _insert_within(draw: random.Random, tokens: list[str]) -> list[str]:
    at = _at(draw, tokens)
    token = "".join(tokens[at : at + 1])
    cut = draw.randrange(len(token) + 1)
    return [*tokens[:at], token[:cut] + draw.choice(ODD) + token[cut:], *tokens[at + 1 :]]


def _replace_text(draw: random.Random, tokens: list[str]) -> list[str]:
    texts = [n for n, token in enumerate(tokens) if not token.startswith("<") and token.strip()]
    if not texts:
        return tokens
    at = draw.choice(texts)
    return [*tokens[:at], draw.choice(ODD), *tokens[at + 1 :]]


def _add_attribute(draw: random.Random, tokens: list[str]) -> list[str]:
    at = _at(draw, tokens)
    token = re.sub(r"^<[\w:.-]+", lambda name: name[0] + draw.choice(ATTRIBUTES), "".join(tokens[at : at + 1]))
    return [*tokens[:at], token, *tokens[at + 1 :]]


def _repeat(draw: random.Random, tokens: list[str]) -> list[str]:
    """Repeat a stretch, as long as the feed stays below some hundred kilobytes."""
    at, length = _at(draw, tokens), draw.choice((1, 1, 2, 5, 40))
    part = tokens[at : at + length]
    room = 300_000 // (sum(map(len, part)) + 1)
    times = min(draw.choice((2, 10, 300, 5_000, 100_000)), room) if sum(map(len, tokens)) < 300_000 else 1
    return [*tokens[:at], *part * times, *tokens[at + length :]]


def _splice(draw: random.Random, tokens: list[str]) -> list[str]:
    other = TOKEN.findall(draw.choice(sound_feeds()))
    start, at = _at(draw, other), _at(draw, tokens)
    return [*tokens[:at], *other[start : start + draw.randint(1, 60)], *tokens[at:]]


def _nest(draw: random.Random, tokens: list[str]) -> list[str]:
    at, depth = _at(draw, tokens), draw.choice((10, 300, 20_000))
    return [*tokens[:at], *["<a>"] * depth, *tokens[at:]]


CHANGES: Final[tuple[Callable[[random.Random, list[str]], list[str]], ...]] = (
    *(
        _insert,
        _insert,
        _insert_within,
        _insert_within,
        _replace_text,
        _replace_text,
        _add_attribute,
        _repeat,
        _splice,
        _nest,
    ),
    lambda draw, tokens: [*tokens[: (at := _at(draw, tokens))], *tokens[at + 1 :]],
    lambda draw, tokens: [*tokens[: (at := _at(draw, tokens))], *tokens[at + draw.randint(1, 40) :]],
)
