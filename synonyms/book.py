"""Finds the wordings of rules in a text: longest first, without overlaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from language.words import fold, spans_of
from synonyms.compounds import is_torn
from synonyms.rule import Rule, Wording, form_of, to_wording

MOST_WORDS: Final = 40  # words of a text that are examined; the longest title has 40


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of a text, from ``start`` to ``end``, that a rule applies to, and the wordings searched beside it.

    ``means`` is the right side of the rule (the catalogue's words); ``alike`` are other wordings of the same thing,
    which add no information about jobs.
    """

    start: int
    end: int
    rule: Rule
    means: tuple[str, ...]
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One wording of the left side of a rule."""

    wording: Wording
    rule: Rule
    means: tuple[str, ...]
    alike: tuple[str, ...]


class RuleBook:
    """Rules indexed by the words of their wordings; immutable, shared by all requests."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._entries: dict[tuple[str, ...], list[_Entry]] = {}
        for rule in rules:
            for entry in _entries(rule):
                self._entries.setdefault(entry.wording.forms, []).append(entry)
        self._longest = max(map(len, self._entries), default=0)
        self._forms = frozenset(form for forms in self._entries for form in forms)
        entries = [entry for each in self._entries.values() for entry in each]
        # Candidates of the spelling correction; acronyms are excluded, because a misspelt acronym is another acronym.
        self.words = frozenset(
            word
            for entry in entries
            for word, exact in zip(entry.wording.words, entry.wording.exact, strict=True)
            if not exact
        )

    def knows(self, word: str) -> bool:
        """Tell whether a folded word occurs in a wording: such a word is not corrected."""
        return form_of(word) in self._forms

    def find(self, text: str) -> list[Match]:
        """Return the matches of all rules in a clean text, in text order.

        A rule with ``beside`` takes precedence over a rule for the same words without it. The words of a phrase match
        no other rule, unless that rule covers the whole phrase. No rule matches a part of « arc-en-ciel ». A rule is
        skipped where the text already contains its meaning (« conducteur routier » for « routier »).
        """
        folded = fold(text)
        spans = spans_of(folded)[:MOST_WORDS]
        words = tuple(word for word, _, _ in spans)
        forms = tuple(map(form_of, words))
        chosen: list[tuple[int, int, _Entry]] = []
        for length in range(min(self._longest, len(words)), 0, -1):
            for first in range(len(words) - length + 1):
                last = first + length
                entries = self._entries.get(forms[first:last], ())
                if entries and is_torn(folded, spans[first][1], spans[last - 1][2], self.knows):
                    continue
                company = {*forms[:first], *forms[last:]}
                for entry in sorted(entries, key=_less_particular):
                    fits = entry.wording.fits(words[first:last]) and _in_company(entry.rule, company)
                    if fits and not _is_said(entry, forms):
                        _choose(chosen, first, last, entry)
        chosen.sort(key=lambda each: each[0])
        return [
            Match(spans[first][1], spans[last - 1][2], entry.rule, entry.means, entry.alike)
            for first, last, entry in chosen
        ]


def _entries(rule: Rule) -> Iterable[_Entry]:
    is_equivalent = rule.kind == "equivalent"
    for each in rule.wordings:
        alike = tuple(other for other in rule.words if other != each.text)
        yield _Entry(each, rule, rule.means, alike if is_equivalent else ())
    for each in rule.meanings if is_equivalent else ():
        yield _Entry(each, rule, (), (*rule.words, *(other for other in rule.means if other != each.text)))


def _less_particular(entry: _Entry) -> bool:
    return not entry.rule.beside


def _in_company(rule: Rule, company: set[str]) -> bool:
    return not rule.company or not rule.company.isdisjoint(company)


def _is_said(entry: _Entry, forms: tuple[str, ...]) -> bool:
    """Tell whether a meaning that contains the wording and further words occurs in a text of these forms."""
    own = entry.wording.forms
    longer = [each.forms for each in entry.rule.meanings if len(each.forms) > len(own) and _stands_in(own, each.forms)]
    return bool(entry.means) and any(_stands_in(each, forms) for each in longer)


def _choose(chosen: list[tuple[int, int, _Entry]], first: int, last: int, entry: _Entry) -> None:
    """Add an entry unless a longer one, or one of another kind (phrase or not), already covers one of its words."""
    is_phrase = entry.rule.kind == "phrase"
    for begin, end, other in chosen:
        apart = last <= begin or first >= end
        same_words = (begin, end) == (first, last) and (other.rule.kind == "phrase") != is_phrase
        if not apart and not same_words:
            return
    chosen.append((first, last, entry))


def holds(text: str, wording: str) -> bool:
    """Tell whether the words of a wording occur in a text, in order and adjacent.

    >>> holds("vendeuse en petite enfance", "Petite enfance"), holds("enfance petite", "petite enfance")
    (True, False)
    """
    return _stands_in(to_wording(wording).forms, to_wording(text).forms)


def _stands_in(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
