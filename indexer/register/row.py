"""Reads the values of one row of the list, with its faults and what makes it a reject."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from indexer.register.checks import BadValue, digits_of, has_check_digit
from indexer.register.table import Row, Table

Value = TypeVar("Value")
NO_NAME: Final = frozenset(("", "non applicable", "[nd]", "-", "non renseigne", "non renseigné"))


class Fault(NamedTuple):
    """An invalid value that is ignored, or a number with a wrong check digit that is kept."""

    kind: str
    field: str
    value: str
    message: str


class Rejection(Exception):
    """A row of which no body can be told; ``reason`` is a stable code."""

    def __init__(self, reason: str, field: str, message: str) -> None:
        super().__init__(f"field {field}: {message}")
        self.reason = reason


class Reader:
    """Reads the values of one row and collects its faults; names columns as the file does."""

    def __init__(self, row: Row, table: Table) -> None:
        if not row.is_whole:
            raise Rejection("fields", "-", f"{len(table.columns)} fields are expected")
        self.row, self.faults = row, list[Fault]()
        self._names = table.columns
        self.siren = self._siren()

    def text(self, column: str) -> str | None:
        """Return a text, None if it is empty."""
        return self.row.text(column) or None

    def name(self, column: str) -> str | None:
        """Return a name, None if it is empty or a filler."""
        text = " ".join(self.row.text(column).split())
        return None if text.lower() in NO_NAME else text

    def value(self, column: str, parse: Callable[[str], Value | None], kind: str) -> Value | None:
        """Return a parsed value, None if it is empty or bad, which is a fault of this kind."""
        text = self.row.text(column)
        try:
            return parse(text)
        except BadValue as error:
            self.fault(kind, column, text, str(error))
            return None

    def fault(self, kind: str, column: str, value: str, message: str) -> None:
        """Add a fault of a column."""
        self.faults.append(Fault(kind, self._names.get(column, column), value[:200], message))

    def siret(self, column: str) -> str | None:
        """Return the SIRET of a column, also from an NIC of five digits; None if it is missing, bad or another's."""
        text = self.row.text(column)
        if 0 < len(text) <= 5 and text.isdigit():
            text = self.siren + text.zfill(5)
        siret = self._checked(column, text, 14, "bad-siret", "siret-check")
        if siret and not siret.startswith(self.siren):
            self.fault("siret-of-another", column, text, f"its SIREN is not {self.siren}")
            return None
        return siret

    def _siren(self) -> str:
        text = self.row.text("siren")
        if text.isdigit() and len(text) < 9 and has_check_digit(text.zfill(9)):
            text = text.zfill(9)  # a spreadsheet took the first zeros
        siren = self._checked("siren", text, 9, "bad-siren", "siren-check")
        if siren is None or not siren.strip("0"):
            named = self._names.get("siren", "siren")
            raise Rejection("no-siren", named, f"{text[:40]!r} is no SIREN, nine digits are expected")
        return siren

    def _checked(self, column: str, text: str, length: int, kind: str, check: str) -> str | None:
        try:
            digits = digits_of(text, length)
        except BadValue as error:
            if length == 14:
                self.fault(kind, column, text, str(error))
            return None
        if digits and not has_check_digit(digits):
            self.fault(check, column, text, "the check digit is wrong")
        return digits
