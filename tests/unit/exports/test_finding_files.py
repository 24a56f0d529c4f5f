"""Files of white areas and overlaps: every cell, with formulas disabled."""

import asyncio
import csv
import io

from search_app.analytics.overlaps import Overlap
from search_app.exports.tables.findings import LINES, OVERLAP_COLUMNS, _cells, _pieces

OVERLAP = Overlap(
    rncp="37348", rncp_label="=CAP Maçon; gros œuvre (RNCP37348)", employment_zone="7625",
    zone_label="Zone d’emploi d’Albi (7625)", quarter="2027-Q1", quarter_label="1er trimestre 2027",
    providers=[("041427865", "@Ateliers"), ("041427866", 'Le "Centre"')],
    funders=[("2", "Région"), (None, "Financeur non précisé")], offers=4, search="rncp=37348&employment_zone=7625",
)  # fmt: skip


def read(overlaps: list[Overlap]) -> list[list[str]]:
    async def collect() -> bytes:
        return b"".join([piece async for piece in _pieces(OVERLAP_COLUMNS, map(_cells, overlaps))])

    return list(csv.reader(io.StringIO(asyncio.run(collect()).decode("utf-8-sig")), delimiter=";"))


def test_overlap_is_one_line_with_formulas_disabled() -> None:
    header, line = read([OVERLAP])
    assert header == [*OVERLAP_COLUMNS]
    told = dict(zip(header, line, strict=True))
    assert told["rncp_label"] == "'=CAP Maçon; gros œuvre (RNCP37348)"
    assert told["provider_names"] == '\'@Ateliers | Le "Centre"'
    assert (told["providers"], told["provider_count"]) == ("041427865 | 041427866", "2")
    assert (told["funders"], told["funder_labels"]) == ("2 | unknown", "Région | Financeur non précisé")


def test_file_has_more_lines_than_a_piece() -> None:
    assert len(read([OVERLAP] * (2 * LINES + 1))) == 2 * LINES + 2
