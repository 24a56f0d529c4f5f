"""A prefix index of texts, with matches one slip away."""

import string
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

SHORTEST_MISSPELT: Final = 4  # letters: three letters are one slip away from every other word
_LETTERS: Final = string.ascii_lowercase + " "
_LAST: Final = "\U0010ffff"  # sorts after every folded text


class PrefixIndex:
    """Folded texts, each with the numbers of the entries that it names; immutable, shared by all requests.

    Texts are sorted, so those with a common prefix are adjacent, and so are their numbers: a prefix is a slice of one
    array.
    """

    def __init__(self, numbers: Mapping[str, Iterable[int]]) -> None:
        self._texts = sorted(numbers)
        self._numbers, self._starts = array("I"), array("I", [0])
        for text in self._texts:
            self._numbers.extend(numbers[text])
            self._starts.append(len(self._numbers))

    def has(self, beginning: str) -> bool:
        """Tell whether any text has the prefix."""
        at = bisect_left(self._texts, beginning)
        return at < len(self._texts) and self._texts[at].startswith(beginning)

    def numbers(self, beginning: str) -> Sequence[int]:
        """Return the numbers of all texts with the prefix, unordered, possibly with duplicates."""
        texts = self._stretch(beginning)
        return self._numbers[self._starts[texts.start] : self._starts[texts.stop]]

    def texts(self, beginning: str) -> Sequence[str]:
        """Return all texts with the prefix, in order."""
        return self._texts[self._stretch(beginning)]

    def in_order(self, beginnings: Iterable[str]) -> list[int]:
        """Return the distinct numbers of the texts with any of these prefixes, in ascending order."""
        return sorted(set[int]().union(*map(self.numbers, beginnings)))

    def _stretch(self, beginning: str) -> slice:
        low = bisect_left(self._texts, beginning)
        return slice(low, bisect_left(self._texts, beginning + _LAST, low))


def slips_of(typed: str, is_beginning: Callable[[str], bool]) -> Collection[str]:
    """Return the prefixes one slip away: a letter inserted, missing or wrong, or two swapped (OSA distance 1).

    In a text of four letters the first is never corrected, and shorter texts are not corrected at all. It takes some
    hundred lookups, independent of the number of texts: comparing each of 60,000 words takes ten times as long.

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
        if not is_beginning(head):  # the slip is before this position
            break
        found.update(text for text in _slips_at(head, tail) if is_beginning(text))
    return found - {typed}


def _slips_at(head: str, tail: str) -> list[str]:
    swapped = [head + tail[1] + tail[0] + tail[2:]] if len(tail) > 1 else []
    missing = [head + letter + tail for letter in _LETTERS]
    wrong = [head + letter + tail[1:] for letter in _LETTERS]
    return [head + tail[1:], *swapped, *missing, *wrong]
