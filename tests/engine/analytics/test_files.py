"""Files of the query module: every cell, and three different answers for unknown, zero and absent."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from pyarrow import parquet

from search_app.exports.tables import lines, written
from tests.engine.loaded import LoadedApp

Values = dict[tuple[Any, ...], tuple[Any, ...]]
NAMES: Final = ("offers", "left", "fill_rate", "bought")
MEASURES: Final = [("measure", name) for name in NAMES]
SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def told_by_json(app: LoadedApp, *pairs: tuple[str, str]) -> Values:
    """Return the measures of all cells by row and column, or of all rows."""
    found: Values = {}
    for page in range(1, 100):
        answer = app.get(
            f"/api/v1/analytics?{urlencode([*pairs, *MEASURES, ('size', '100'), ('page', str(page))])}"
        ).json()
        for cell in answer["cells"]:
            found[cell["row"], cell["column"]] = rounded(cell["measures"].values())
        for row in answer["rows"] if not answer["columns"] else ():
            found[(row["value"],)] = rounded(row["measures"].values())
        if page >= answer["pages"]:
            return found
    raise AssertionError


def fetch(app: LoadedApp, kind: str, *pairs: tuple[str, str]) -> bytes:
    answer = app.get(f"/api/v1/analytics.{kind}?{urlencode([*pairs, *MEASURES])}")
    assert answer.status == 200, answer.text
    return answer.content


def split(rows: list[list[Any]], keys: int) -> Values:
    return {tuple(row[:keys]): rounded(row[keys:]) for row in rows}


def rounded(values: Iterable[float | None]) -> tuple[float | None, ...]:
    """Return numbers without the last digits of fractions: a workbook has sixteen."""
    return tuple(value if value is None else round(value, 12) for value in values)


def from_csv(content: bytes, keys: int) -> Values:
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert header == [*("row", "column")[:keys], *NAMES]

    def number(text: str) -> float | None:
        return float(text.replace(",", ".")) if text else None

    return split([[*(each or None for each in row[:keys]), *map(number, row[keys:])] for row in rows], keys)


def from_ndjson(content: bytes, keys: int) -> Values:
    return split([list(json.loads(line).values()) for line in content.decode().splitlines()], keys)


def from_parquet(content: bytes, keys: int) -> Values:
    table = parquet.read_table(io.BytesIO(content))
    assert [str(kind) for kind in table.schema.types[keys:]] == ["int64", "int64", "double", "int64"]
    return split([list(row.values()) for row in table.to_pylist()], keys)


def from_xlsx(content: bytes, keys: int) -> Values:
    sheet = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells: list[Any] = [None] * (keys + len(NAMES))
        for cell in row.iter(f"{SHEET}c"):
            column = ord(re.sub(r"\d", "", cell.get("r", ""))) - ord("A")
            text = "".join(cell.itertext())
            cells[column] = text if cell.get("t") == "inlineStr" else float(text)
        rows.append(cells)
    assert rows[0] == [*("row", "column")[:keys], *NAMES]
    return split(rows[1:], keys)


READERS: Final = {"csv": from_csv, "ndjson": from_ndjson, "parquet": from_parquet, "xlsx": from_xlsx}
TABLES: Final = (
    (("rows", "region"), ("columns", "funder")),
    (("rows", "rome"), ("columns", "provider")),
    (("rows", "market"), ("columns", "training")),
    (("rows", "provider"),),
    (("rows", "month"), ("columns", "recruiting"), ("region", "76")),
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: " ".join(value for _, value in table))
@pytest.mark.parametrize("kind", READERS)
def test_file_has_every_cell_of_the_pivot(
    app: LoadedApp, kind: str, table: tuple[tuple[str, str], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "OFFERS_OF_A_PART", 300)
    columns = [name for name, _ in table if name == "columns"]
    keys = 1 + len(columns)
    found = READERS[kind](fetch(app, kind, *table), keys)
    if "provider" in dict(table).values() and columns:  # more columns than an answer has
        total = app.get("/api/v1/offers?size=1").json()["total"]
        assert len(found) > 500 < total
        pairs = [*table[:1], *MEASURES, ("provider", "041427865"), *table[1:]]
        expected = app.get(f"/api/v1/analytics?{urlencode([*pairs, ('size', '100')])}").json()["cells"]
        for cell in expected:
            assert found[cell["row"], cell["column"]] == rounded(cell["measures"].values())
        return
    if dict(table).get("columns") == "training":
        counted = app.get("/api/v1/offers?size=1").json()["total"]
        assert sum(values[0] for key, values in found.items()) >= counted
        return
    assert found == told_by_json(app, *table)


def test_unknown_zero_and_absent_are_three_answers(app: LoadedApp) -> None:
    table = (("rows", "region"), ("columns", "funder"), ("empty", "show"))
    expected = told_by_json(app, *table)
    unknown = next(key for key, told in expected.items() if told[0] and told[1] is None)
    zero = next((key for key, told in expected.items() if told[1] == 0), None)
    absent = next(key for key, told in expected.items() if not told[0])
    assert expected[absent] == (0, None, None, None)
    for kind, read in READERS.items():
        found = read(fetch(app, kind, *table), 2)
        for key in filter(None, (unknown, zero, absent)):
            assert found[key] == expected[key], (kind, key)


def sheet_of(content: bytes, number: int) -> list[list[str]]:
    """Return the texts of a sheet, line by line."""
    sheet = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{number}.xml"))
    return [["".join(cell.itertext()) for cell in row.iter(f"{SHEET}c")] for row in sheet.iter(f"{SHEET}row")]


def test_workbook_has_labels_of_its_values_and_says_what_it_is_about(loaded_app: LoadedApp) -> None:
    query = "rows=region&columns=training&measure=left&measure=fill_rate&funder=2&region=76&upcoming=true"
    answer = loaded_app.client.get(f"/api/v1/analytics.xlsx?{query}")
    assert 'filename="boussole-region-formation-2026-11-23.xlsx"' in answer.headers["content-disposition"]
    header, *labels = sheet_of(answer.content, 2)
    told = {(dimension, value): label for dimension, value, label in labels}
    keys = {(row[0], row[1]) for row in sheet_of(answer.content, 1)[1:]}
    assert header == ["dimension", "value", "label"]
    assert told["region", "76"] == "Occitanie"
    assert told.keys() == {("region", row) for row, _ in keys} | {("training", column) for _, column in keys}
    assert all(label and not label.startswith("Formation ") for (name, _), label in told.items() if name == "training")
    about = dict(line[:2] for line in sheet_of(answer.content, 3))
    assert about["Adresse de ce tableau"].endswith(f"/pilotage?{query}")
    assert (about["Financeur"], about["Région"], about["À venir seulement"]) == ("Région (2)", "Occitanie (76)", "oui")
    assert about["Fait le"] == "23 novembre 2026"
    assert about["Catalogue de occitanie"].startswith("chargé le ")
    assert about["Places restantes"].startswith("Places restantes déclarées")
    total = loaded_app.get(f"/api/v1/analytics?{query}&measure=seats_known").json()["total"]
    known = next(text for name, text in about.items() if "Part des sessions" in name)
    assert abs(float(known.split("\xa0")[0].replace(",", ".")) - total["seats_known"] * 100) < 0.051
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    assert b"<autoFilter ref=" in book.read("xl/worksheets/sheet1.xml")
    assert b"Libell\xc3\xa9s" in book.read("xl/workbook.xml")


@pytest.mark.parametrize("kind", READERS)
def test_file_is_named_after_its_dimensions(loaded_app: LoadedApp, kind: str) -> None:
    answer = loaded_app.client.head(f"/api/v1/analytics.{kind}?rows=employment_zone&columns=funder")
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="boussole-zone-d-emploi-financeur-2026-11-23.{kind}"'
    )


def test_file_of_more_lines_than_a_sheet_is_fault_before_its_first_byte(
    app: LoadedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MOST_OF_A_SHEET", 10)
    answer = app.get("/api/v1/analytics.xlsx?rows=rome&columns=region")
    assert (answer.status, answer.json()["error"]["faults"][0]["parameter"]) == (400, "rows")
    assert app.get("/api/v1/analytics.csv?rows=rome&columns=region").status == 200
    assert len(app.app.state.services.scans) == 0


@pytest.mark.parametrize("query", ["", "columns=region", "rows=regions", "rows=region&columns=region&measure=x"])
def test_file_of_wrong_parameters_is_fault(app: LoadedApp, query: str) -> None:
    for kind in READERS:
        answer = app.get(f"/api/v1/analytics.{kind}?{query}")
        assert answer.status == 400
        assert answer.json()["error"]["faults"]


def test_comparison_stands_in_columns_of_its_own(app: LoadedApp) -> None:
    query = "rows=region&measure=offers&start_from=2027-01-01&start_to=2027-03-31&compare=previous"
    answer = app.get(f"/api/v1/analytics?{query}&size=100").json()
    before = app.get("/api/v1/analytics?rows=region&measure=offers&start_from=2026-10-01&start_to=2026-12-31&size=100")
    known = {row["value"]: row["measures"]["offers"] for row in before.json()["rows"]}
    assert answer["compared_with"] == {"start_from": "2026-10-01", "start_to": "2026-12-31"}
    assert answer["previous"] == before.json()["total"]
    assert {row["value"]: row["previous"]["offers"] for row in answer["rows"]} == {
        row["value"]: known.get(row["value"], 0) for row in answer["rows"]
    }
    header, *rows = csv.reader(
        io.StringIO(app.get(f"/api/v1/analytics.csv?{query}").content.decode("utf-8-sig")), delimiter=";"
    )
    assert header == ["row", "offers", "previous_offers"]
    assert {row[0]: int(row[2]) for row in rows} == {
        row["value"] or "": row["previous"]["offers"] for row in answer["rows"]
    }
