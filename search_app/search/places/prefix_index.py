"""Texts in order, found by how they begin: as it was typed, or one slip away."""

import string
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

SHORTEST_MISSPELT: Final = 4  # letters: of three letters, every other word is one slip away
_LETTERS: Final = string.ascii_lowercase + " "
_LAST: Final = "\U0010ffff"  # comes after whatever a folded text can hold


class PrefixIndex:
    """Folded texts, each with the numbers of what it names; made once, read by all requests.

    All that begins alike stands side by side, and so do its numbers: a beginning is a stretch of one array.
    """

    def __init__(self, numbers: Mapping[str, Iterable[int]]) -> None:
        self._texts = sorted(numbers)
        self._numbers, self._starts = array("I"), array("I", [0])
        for text in self._texts:
            self._numbers.extend(numbers[text])
            self._starts.append(len(self._numbers))

    def has(self, beginning: str) -> bool:
        """Tell whether any text begins so."""
        at = bisect_left(self._texts, beginning)
        return at < len(self._texts) and self._texts[at].startswith(beginning)

    def numbers(self, beginning: str) -> Sequence[int]:
        """Return the numbers of all texts that begin so, in no order, some of them perhaps twice."""
        texts = self._stretch(beginning)
        return self._numbers[self._starts[texts.start] : self._starts[texts.stop]]

    def texts(self, beginning: str) -> Sequence[str]:
        """Return all texts that begin so, in order."""
        return self._texts[self._stretch(beginning)]

    def in_order(self, beginnings: Iterable[str]) -> list[int]:
        """Return the distinct numbers of the texts that begin in any of these ways, the lowest first."""
        return sorted(set[int]().union(*map(self.numbers, beginnings)))

    def _stretch(self, beginning: str) -> slice:
        low = bisect_left(self._texts, beginning)
        return slice(low, bisect_left(self._texts, beginning + _LAST, low))


def slips_of(typed: str, is_beginning: Callable[[str], bool]) -> Collection[str]:
    """Return the beginnings one slip away: a letter too many, missing or wrong, or two swapped (OSA distance 1).

    Of four letters the first is never taken for a slip, and fewer are never taken for misspelt. It costs some hundred
    looks, however many texts there are: comparing each of 60,000 words takes ten times as long.

    >>> sorted(slips_of("tarvail", ["travail", "tarv", "portail"].__contains__))
    []
    >>> sorted(slips_of("tarvail", lambda text: "travailleur".startswith(text) or "tarte".startswith(text)))
    ['travail']
    """
    if len(typed) < SHORTEST_MISSPELT:
        return ()
    found: set[str] = set()
    for at in range(len(typed) == SHORTEST_MISSPELT, len(typed)):
        head, tail = typed[:at], typed[at:]
        if not is_beginning(head):  # the slip is further ahead
            break
        found.update(text for text in _slips_at(head, tail) if is_beginning(text))
    return found - {typed}


def _slips_at(head: str, tail: str) -> list[str]:
    swapped = [head + tail[1] + tail[0] + tail[2:]] if len(tail) > 1 else []
    missing = [head + letter + tail for letter in _LETTERS]
    wrong = [head + letter + tail[1:] for letter in _LETTERS]
    return [head + tail[1:], *swapped, *missing, *wrong]
