"""The shortlist as a value: what the address of `/selection` says, in an order, with a note on each.

``o=n33nhrxdjcpe~appeler lundi~.abcdefghijkl`` holds two offers, by their keys, and a note on the first between tildes.
Nothing of it is stored by us, so everything has to fit into an address.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote_plus

from mappings.keys import KEY_LENGTH
from search_app.search.links import Pairs, address

SELECTION: Final = "/selection"
EARLIER: Final = "avant"  # names of the buttons that change the order, or take an offer off; their value is its key
LATER: Final = "apres"
REMOVED: Final = "retirer"
PICKING: Final = "selection"  # the parameter that pages of results and offers keep while one is picking
MOST_PICKS: Final = 50
LONGEST_NOTE: Final = 80  # characters: a word, not a letter
# Of the whole selection in an address. With the path, a place and up to 60 characters for the site it stays below
# 1,000, which every mail program and messenger keeps in one piece.
LONGEST_TEXT: Final = 895
MOST_SHOWN: Final = 40  # characters of a part that cannot be read

_KEY: Final = re.compile(rf"[a-z2-7]{{{KEY_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Pick:
    """One offer, by its key, with a note."""

    key: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Up to MOST_PICKS offers, each once, in their order."""

    picks: tuple[Pick, ...] = ()

    @property
    def full(self) -> bool:
        """Tell whether no other offer can be added."""
        return len(self.picks) >= MOST_PICKS

    @property
    def text(self) -> str:
        """Return what an address holds.

        >>> Selection((Pick("n33nhrxdjcpe", "lundi"), Pick("abcdefghijkl"))).text
        'n33nhrxdjcpe~lundi~.abcdefghijkl'
        """
        return _text(self.picks)

    @property
    def pairs(self) -> Pairs:
        """Return the parameter of the page of the selection, none if there is nothing in it."""
        return (("o", self.text),) if self.picks else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys in their order."""
        return tuple(pick.key for pick in self.picks)

    def with_pick(self, pick: Pick) -> "Selection":
        """Return the selection with this offer at its end."""
        return Selection((*self.picks, pick))

    def without(self, key: str) -> "Selection":
        """Return the selection without this offer."""
        return Selection(tuple(pick for pick in self.picks if pick.key != key))

    def moved(self, key: str, by: int) -> "Selection":
        """Return the selection with one offer further on, or earlier; as it is if there is no such place.

        >>> Selection((Pick("a"), Pick("b"), Pick("c"))).moved("c", -1).keys
        ('a', 'c', 'b')
        """
        place = self.keys.index(key)
        others = [pick for pick in self.picks if pick.key != key]
        if not 0 <= place + by <= len(others):
            return self
        return Selection((*others[: place + by], self.picks[place], *others[place + by :]))


NOTHING_PICKED: Final = Selection()


def changed(selection: Selection, button: str, key: str) -> Selection:
    """Return the selection as a button wants it; as it is where the key is not in it, or the name is no button's.

    >>> changed(Selection((Pick("a"), Pick("b"))), "avant", "b").keys, changed(Selection((Pick("a"),)), "n1", "a").keys
    (('b', 'a'), ('a',))
    """
    if key not in selection.keys or button not in (EARLIER, LATER, REMOVED):
        return selection
    return selection.without(key) if button == REMOVED else selection.moved(key, 1 if button == LATER else -1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A selection as it was read, and what had to be left out of it.

    ``too_long`` are notes as they were given, by key: they were cut, or found no room in the address.
    """

    selection: Selection
    repeated: int = 0
    beyond: int = 0
    unreadable: tuple[str, ...] = ()
    too_long: Mapping[str, str] = field(default_factory=dict)


def read_selection(texts: Sequence[str], notes: Mapping[int, str] | None = None) -> Reading:
    """Return the selection that addresses hold; ``notes`` are those of a form by their place, from 1.

    >>> read_selection(["n33nhrxdjcpe~lundi~.N33NHRXDJCPE.nope"])  # doctest: +ELLIPSIS
    Reading(selection=Selection(picks=(Pick(key='n33nhrxdjcpe', note='lundi'),)), repeated=1, ...
    """
    picks, unreadable = _read(".".join(texts))
    unique: dict[str, Pick] = {}
    for pick in picks:
        unique.setdefault(pick.key, pick)
    kept = list(unique.values())[:MOST_PICKS]
    for number, note in (notes or {}).items():
        if 1 <= number <= len(kept):
            kept[number - 1] = replace(kept[number - 1], note=_clean(note))
    fitting, too_long = _fit(kept)
    return Reading(
        Selection(tuple(fitting)), len(picks) - len(unique), len(unique) - len(kept), tuple(unreadable), too_long
    )


def selection_address(selection: Selection, where: Pairs = (), path: str = SELECTION) -> str:
    """Return the address of a selection, with the place that distances are measured from."""
    return address((*selection.pairs, *where), path)


def _read(text: str) -> tuple[list[Pick], list[str]]:
    """Return the picks of a text, and its parts that are none; what stands between tildes is the note before it."""
    picks: list[Pick] = []
    unreadable: list[str] = []
    for number, part in enumerate(text.split("~")):
        if number % 2:
            if picks and not picks[-1].note:
                picks[-1] = replace(picks[-1], note=_clean(part))
            continue
        for token in filter(None, (each.strip() for each in part.split("."))):
            if _KEY.fullmatch(token.lower()):
                picks.append(Pick(token.lower()))
            else:
                unreadable.append(token[:MOST_SHOWN])
    return picks, unreadable


def _clean(note: str) -> str:
    """Return a note on one line, without the sign that ends it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in note.replace("~", "-")).split())


def _fit(picks: Sequence[Pick]) -> tuple[list[Pick], dict[str, str]]:
    """Return the picks with those notes that fit, the first before the last, and those that do not."""
    length = _length(_text(replace(pick, note="") for pick in picks))
    fitting: list[Pick] = []
    too_long: dict[str, str] = {}
    for pick in picks:
        note = pick.note[:LONGEST_NOTE].rstrip()
        room = LONGEST_TEXT - length - 2  # the two tildes
        if note and _length(note) > room:
            note = ""
        elif note:
            length += _length(note) + 2
        if note != pick.note:
            too_long[pick.key] = pick.note
        fitting.append(replace(pick, note=note))
    return fitting, too_long


def _text(picks: Iterable[Pick]) -> str:
    return ".".join(pick.key + (f"~{pick.note}~" if pick.note else "") for pick in picks)


def _length(text: str) -> int:
    return len(quote_plus(text))
