"""Texts are split into the likeliest pieces of a vocabulary."""

import struct

import pytest

from language.meaning.pieces import Pieces, read_pieces

VOCABULARY = [
    ("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0), ("▁soud", -2.0), ("eur", -2.0), ("▁", -3.0), ("焊", -1.0),
    ("▁soudeur", -5.0), ("s", -3.0), ("Eur", -1.0), ("é", -3.0),
]  # fmt: skip
BLOCKS = 4


def stored(vocabulary: list[tuple[str, float]]) -> bytes:
    pieces = b""
    for piece, likely in vocabulary:
        letters = piece.encode()
        inner = b"\x0a" + bytes([len(letters)]) + letters + b"\x15" + struct.pack("<f", likely)
        pieces += b"\x0a" + bytes([len(inner)]) + inner
    return pieces + b"\x12\x00"


def pieces_of(text: str) -> list[str]:
    pieces = Pieces(stored(VOCABULARY), BLOCKS)
    by_row = {row: VOCABULARY[number][0] for row, number in zip(pieces.rows, pieces.kept, strict=True)}
    return [by_row[row] for row in pieces.encode(text)]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("soudeur", ["▁soud", "eur"]),  # -4 is likelier than -5
        ("SOUDEURS", ["▁soud", "eur", "s"]),
        ("soudeur soud", ["▁soud", "eur", "▁soud"]),
        ("e\u0301", ["▁", "é"]),
        ("焊", ["▁", "<unk>"]),
        ("", ["▁"]),
    ],
)
def test_the_likeliest_split_is_taken(text: str, inner: list[str]) -> None:
    assert pieces_of(text) == ["<s>", *inner, "</s>"]


def test_only_french_pieces_are_kept_and_in_their_block() -> None:
    pieces = Pieces(stored(VOCABULARY), BLOCKS)
    assert [VOCABULARY[number][0] for number in pieces.kept[3:]] == ["▁soud", "eur", "▁", "▁soudeur", "s", "é"]
    assert [row % BLOCKS for row in pieces.rows] == [number % BLOCKS for number in pieces.kept]
    assert len(set(pieces.rows)) == len(pieces.rows)
    assert max(pieces.rows) < pieces.size


@pytest.mark.parametrize("damaged", [b"\x0a\xff\x0a\x03", b"\x0a\x05\x15\x03abc", b"\x0a", b""])
def test_a_file_of_another_form_is_an_error(damaged: bytes) -> None:
    with pytest.raises((ValueError, IndexError, struct.error)):
        list(read_pieces(damaged))
