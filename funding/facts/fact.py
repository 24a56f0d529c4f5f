"""One fact that rules may use: where it comes from, the values that it can have, and its French words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["bool", "code", "codes", "number", "date"]
Side = Literal["person", "offer", "session"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the table of facts; ``name`` is ``side.short``.

    ``values`` are the codes with their French labels; of a yes/no fact the sentences for "true" and "false". ``label``
    is what conditions are written with, ``question`` what a person is asked. ``after`` holds the fact and the values
    without which it is not asked. ``fields`` are the index fields that hold a fact of the offer or of the session, and
    ``told`` says when the index knows it: together they make compiling a condition into queries mechanical.
    """

    name: str
    kind: Kind
    label: str
    values: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    question: str = ""
    after: tuple[str, tuple[str, ...]] | None = None
    fields: tuple[str, ...] = ()
    told: str = ""

    @property
    def side(self) -> Side:
        """Return whose fact it is."""
        side = self.name.split(".")[0]
        return "person" if side == "person" else "offer" if side == "offer" else "session"

    @property
    def short(self) -> str:
        """Return the name without its side: the contract's name of a fact of the person."""
        return self.name.split(".", 1)[1]
