"""A workbook whose lines are written to the disk at once: a table, and further sheets of text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from search_app.analytics.measures import MEASURES
from search_app.exports.tables.lines import Line

PREVIOUS: Final = "previous_"
KEY_WIDTH, FIGURE_WIDTH = 18, 14  # characters
TEXT_WIDTHS: Final = (28, 40, 70)


class Workbook:
    """A workbook with the sheet of a table; its library keeps one line in memory."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        from xlsxwriter import Workbook as Book

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "tmpdir": path.parent,
        }
        self._book = Book(str(path), options)
        self._sheets = [self._book.add_worksheet("Tableau")]
        self._sheet = self._sheets[0]
        self._at = 0
        self._header = header
        shares = self._book.add_format({"num_format": "0.0 %"})
        money = self._book.add_format({"num_format": "0.00"})
        self._bold = self._book.add_format({"bold": True})
        self._formats = [self._format(name, shares, money) for name in header]
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            width = FIGURE_WIDTH if name.removeprefix(PREVIOUS) in MEASURES else KEY_WIDTH
            self._sheet.set_column(column, column, max(width, len(name) + 4))  # room for the button of the filter
        self.write([tuple(header)])

    @staticmethod
    def _format(name: str, shares: Any, money: Any) -> Any:
        row = MEASURES.get(name.removeprefix(PREVIOUS))
        if row is None or not row.over:
            return None
        return shares if row.unit == "part" else money

    def write(self, batch: Sequence[Line]) -> None:
        """Write lines of the table; what is not told is an empty cell."""
        for line in batch:
            for column, value in enumerate(line):
                if isinstance(value, str):
                    self._sheet.write_string(self._at, column, value, self._bold if self._at == 0 else None)
                elif value is not None:
                    self._sheet.write_number(self._at, column, value, self._formats[column])
            self._at += 1

    def add(self, name: str, header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
        """Add a sheet of texts; with a header it can be filtered."""
        sheet = self._book.add_worksheet(name)
        self._sheets.append(sheet)
        for column, width in enumerate(TEXT_WIDTHS if header else TEXT_WIDTHS[::2]):
            sheet.set_column(column, column, width)
        for place, line in enumerate([header, *lines] if header else lines):
            for column, text in enumerate(line):
                is_name = not place if header else not column
                sheet.write_string(place, column, text, self._bold if is_name else None)
        if header:
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(lines), len(header) - 1)

    def close(self) -> None:
        """Write the end of the file."""
        self._sheet.autofilter(0, 0, max(1, self._at - 1), len(self._header) - 1)
        self._book.close()

    def release(self) -> None:
        """Close the files of lines, if the workbook was given up; the library keeps them open until it is collected."""
        for sheet in self._sheets:
            lines = getattr(sheet, "row_data_fh", None)
            if lines is not None and not lines.closed:
                lines.close()
        self._book.fileclosed = 1  # nothing is left to be written
