"""The shortlist as a value: the content of the address of `/selection`, in order, with a note on each offer.

``o=n33nhrxdjcpe~appeler lundi~.abcdefghijkl`` holds two offers, by their keys, and a note on the first between tildes.
Nothing is stored on the server, so everything has to fit into an address.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote_plus

from mappings.keys import KEY_LENGTH
from search_app.search.links import Pairs, address

SELECTION: Final = "/selection"
EARLIER: Final = "avant"  # names of the buttons that change the order or remove an offer; their value is its key
LATER: Final = "apres"
REMOVED: Final = "retirer"
PICKING: Final = "selection"  # the parameter that pages of results and offers carry during picking
MOST_PICKS: Final = 50
LONGEST_NOTE: Final = 80  # characters of a short note
# Of the whole selection in an address. With the path, a place and up to 60 characters for the site it stays below
# 1,000, which every mail program and messenger handles.
LONGEST_TEXT: Final = 895
MOST_SHOWN: Final = 40  # displayed characters of a part that cannot be parsed

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
        """Tell whether no further offer can be added."""
        return len(self.picks) >= MOST_PICKS

    @property
    def text(self) -> str:
        """Return the text for an address.

        >>> Selection((Pick("n33nhrxdjcpe", "lundi"), Pick("abcdefghijkl"))).text
        'n33nhrxdjcpe~lundi~.abcdefghijkl'
        """
        return _text(self.picks)

    @property
    def pairs(self) -> Pairs:
        """Return the parameter of the page of the selection, none if it is empty."""
        return (("o", self.text),) if self.picks else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys in their order."""
        return tuple(pick.key for pick in self.picks)

    def with_pick(self, pick: Pick) -> "Selection":
        """Return the selection with this offer appended."""
        return Selection((*self.picks, pick))

    def without(self, key: str) -> "Selection":
        """Return the selection without this offer."""
        return Selection(tuple(pick for pick in self.picks if pick.key != key))

    def moved(self, key: str, by: int) -> "Selection":
        """Return the selection with one offer moved; unchanged if there is no such position.

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
    """Return the selection changed by a button; unchanged if the key is not in it, or the button is unknown.

    >>> changed(Selection((Pick("a"), Pick("b"))), "avant", "b").keys, changed(Selection((Pick("a"),)), "n1", "a").keys
    (('b', 'a'), ('a',))
    """
    if key not in selection.keys or button not in (EARLIER, LATER, REMOVED):
        return selection
    return selection.without(key) if button == REMOVED else selection.moved(key, 1 if button == LATER else -1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed selection, and what had to be left out.

    ``too_long`` are notes as given, by key: they were cut, or did not fit into the address.
    """

    selection: Selection
    repeated: int = 0
    beyond: int = 0
    unreadable: tuple[str, ...] = ()
    too_long: Mapping[str, str] = field(default_factory=dict)


def read_selection(texts: Sequence[str], notes: Mapping[int, str] | None = None) -> Reading:
    """Return the selection in addresses; ``notes`` are those of a form by position, from 1.

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
    """Return the address of a selection, with the place for distances."""
    return address((*selection.pairs, *where), path)


def _read(text: str) -> tuple[list[Pick], list[str]]:
    """Return the picks in a text, and its invalid parts; the text between tildes is the note on the pick before it."""
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
    """Return a note on one line, without the character that ends it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in note.replace("~", "-")).split())


def _fit(picks: Sequence[Pick]) -> tuple[list[Pick], dict[str, str]]:
    """Return the picks with the notes that fit, in order, and those that do not."""
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
