"""The pipeline of query understanding: clean, extract filters, correct, expand acronyms, recognise jobs."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from language.lexicon import Lexicon
from language.meaning import MeaningVotes
from language.words import clean, fold, spans_of, words_of
from search_app.search.places.finder import PlaceFinder
from search_app.search.understand.alternatives import Side, either_of, split_sides
from search_app.search.understand.filters.code_words import rncp_like, unknown_code, unknown_rncp
from search_app.search.understand.filters.place_words import PlaceWords
from search_app.search.understand.filters.taken_out import FilterTaker, TakenOut
from search_app.search.understand.filters.title_words import TitleWords
from search_app.search.understand.found import MOST_WORDS
from search_app.search.understand.jobs import Job, JobFinder, mean_of
from search_app.search.understand.leftovers import is_nothing, tidied, wished, without_opening
from search_app.search.understand.ordinary_words import NEVER_CORRECTED, says_nothing
from search_app.search.understand.rules import SAYS_LITTLE, Expansion, expand, phrases_in
from search_app.search.understand.spelling import Correction, Speller, replace_words
from search_app.search.understand.understanding import Understanding
from synonyms import Rule, RuleBook

KEPT: Final = 1_000  # cached texts: a page asks several times about the same words
# Parameters that words may stand for, and those that state the place in their stead.
PARAMETERS_OF_WORDS: Final = frozenset((
    "rncp", "rome", "provider", "mode", "remote", "start_from", "start_to", "funder", "free", "entry_level", "level",
    "seats", "state_funded", "recruiting", "entry", "price_max", "hours_max", "domain", "place", "lat", "radius",
))  # fmt: skip
# values of ``verbatim``: steps that the user can switch off
SPELLING, FILTERS, SYNONYMS = "spelling", "filters", "synonyms"


class Understander:
    """Built from a lexicon and rules, shared by all requests until one of them changes."""

    def __init__(
        self,
        lexicon: Lexicon,
        places: PlaceFinder | None = None,
        rules: Iterable[Rule] = (),
        meaning: MeaningVotes | None = None,
    ) -> None:
        self.lexicon = lexicon
        self._places = places or PlaceFinder()
        self._titles = TitleWords(lexicon)
        self._jobs = JobFinder(lexicon, meaning)
        self._jobs.prepare()
        self._take_rules(rules)

    def with_rules(self, rules: Iterable[Rule]) -> "Understander":
        """Return an understander with other rules, reusing the lexicon's structures, which take seconds to build."""
        other = copy(self)
        other._take_rules(rules)
        return other

    @cached_property
    def by_words(self) -> "Understander":
        """Return the same without jobs by meaning, which cost some 10 ms, for texts that seldom are about jobs."""
        other = copy(self)
        other._jobs = self._jobs.by_words()
        other._kept = lru_cache(maxsize=KEPT)(other._understand)
        return other

    def _take_rules(self, rules: Iterable[Rule]) -> None:
        self.__dict__.pop("by_words", None)  # of a copy: it has the former rules
        self.book = RuleBook(rules)
        self._speller = Speller(_with_words(self.lexicon, self.book.words), self._is_pair)
        place_words = PlaceWords(self._places, self._is_word, self._is_only_a_name, self._speller.has, self._titles)
        self._filters = FilterTaker(self.lexicon, self._titles, place_words, self._is_word)
        self._kept = lru_cache(maxsize=KEPT)(self._understand)

    def understand(
        self, typed: str, today: date, *, verbatim: Iterable[str] = (), given: Iterable[str] = ()
    ) -> Understanding:
        """Return the interpretation of words.

        ``verbatim`` names the steps to skip (spelling, filters, synonyms); ``given`` are explicit parameters of the
        search, which words never override.
        """
        return self._kept(typed, today, frozenset(verbatim), PARAMETERS_OF_WORDS.intersection(given))

    def _understand(self, typed: str, today: date, verbatim: frozenset[str], given: frozenset[str]) -> Understanding:
        text = clean(typed)
        corrections: dict[str, str] = {}
        if not verbatim >= {FILTERS, SPELLING}:
            corrections = self._correct(text)
        found = TakenOut(text)
        if FILTERS not in verbatim:
            found = self._filters.take_out(text, today, given, corrections, guess=SPELLING not in verbatim)
            text = "" if found.filters and is_nothing(found.rest) else found.rest
        kept = text
        if SPELLING in verbatim:
            corrections = {}
        else:
            if found.filters:  # corrections depend on the remaining words
                corrections = self._correct(text)
            text = replace_words(text, corrections)
        text, expansion = self._wordings(text, verbatim)
        sides = () if SYNONYMS in verbatim else self._sides_of(text)
        expansion, jobs = either_of(sides) if sides else (expansion, self._jobs_of(text, expansion))
        return Understanding(
            typed=typed,
            kept=kept,
            words=text,
            title=replace_words(" ".join(typed.split()), corrections),
            filters=found.filters,
            other_places=found.other_places,
            unknown_code=unknown_code(text, self.lexicon) or unknown_rncp(found.filters, self.lexicon),
            rncp_like=rncp_like(text, self.lexicon),
            unknown_words=self._unknown_words(text),
            corrections=tuple(Correction(wrong, right) for wrong, right in corrections.items()),
            variants=tuple(each for each in expansion.variants if each != text),
            rules=expansion.rules,
            phrases=expansion.phrases,
            jobs=jobs,
        )

    def _wordings(self, text: str, verbatim: frozenset[str]) -> tuple[str, Expansion]:
        """Return the words to search for, and their other wordings, without what only opens or qualifies a question."""
        if FILTERS not in verbatim and not self._titles.has(words_of(text)[:MOST_WORDS]):
            text = wished(text)
        expansion = Expansion(own=text) if SYNONYMS in verbatim else expand(text, self.book, self.lexicon)
        if FILTERS not in verbatim:
            text, expansion = self._without_ordinary(text), _each_text(expansion, self._without_ordinary)
        # After the rules were applied: « travailler avec des enfants » is the wording of a rule.
        return self._without_opening(text), _each_text(expansion, self._without_opening)

    def _unknown_words(self, text: str) -> tuple[str, ...]:
        """Return the words that nothing knows, if it knows another one; a number or a single letter may be anywhere."""
        words = dict.fromkeys(words_of(text)[:MOST_WORDS])
        unknown = [word for word in words if len(word) > 2 and word.isalpha() and not self._is_any_word(word)]
        return tuple(unknown) if len(unknown) < len(words) else ()

    def _is_any_word(self, word: str) -> bool:
        return self._is_word(word) or self._is_right(word)

    def _correct(self, text: str) -> dict[str, str]:
        return self._speller.correct(words_of(text)[:MOST_WORDS], self._is_right)

    def _is_pair(self, *words: str) -> bool:
        text = " ".join(words)
        whole = (match for match in self.book.find(text) if match.start == 0 and match.end == len(text))
        return self._titles.has(words) or any(whole)

    def _is_word(self, word: str) -> bool:
        return self._speller.knows(word) or self.book.knows(word)

    def _is_only_a_name(self, word: str) -> bool:
        return self._speller.is_only_a_name(word) and not self.book.knows(word)

    def _is_right(self, word: str) -> bool:
        return word in SAYS_LITTLE or word in NEVER_CORRECTED or self._places.has_word(word) or self.book.knows(word)

    def _sides_of(self, text: str) -> tuple[Side, ...]:
        """Return the sides of « ou »; none if the « ou » is part of a title.

        A side without a subject does not count, as in « soudeur ou autre métier ».
        """
        texts = split_sides(text)
        if not texts or self._titles.has(words_of(text)[:MOST_WORDS]):
            return ()
        return tuple(filter(self._is_something, map(self._side, map(self._without_opening, texts))))

    def _side(self, text: str) -> Side:
        expansion = _each_text(expand(text, self.book, self.lexicon), self._without_opening)
        return Side(text, expansion, self._jobs_of(text, expansion))

    def _is_something(self, side: Side) -> bool:
        """Tell whether a side alone means a job or a title: « CAP » of « CAP ou BEP cuisine » and « D » do not."""
        telling = [word for word in words_of(side.words) if word not in SAYS_LITTLE and not says_nothing(word)]
        return any(len(word) > 1 for word in telling) and (bool(side.jobs) or self._titles.has_any(telling))

    def _jobs_of(self, text: str, expansion: Expansion) -> tuple[Job, ...]:
        """Return the jobs of a text: those of its meanings, and its own if rules do not cover all of it.

        If the text is an existing title, « Mécanicien poids lourds », the title decides the jobs.
        """
        phrases = expansion.phrases
        own = self._find_jobs(expansion.own, phrases)
        if own and self._titles.has(words_of(text)[:MOST_WORDS]):
            return own
        meant = mean_of([self._find_jobs(meaning, phrases) for meaning in expansion.meanings])
        tells_none = any(not rule.jobs for rule in expansion.rules)
        return mean_of([own, meant]) or (() if tells_none else self._find_jobs(text, phrases))

    def _find_jobs(self, text: str, phrases: Iterable[str]) -> tuple[Job, ...]:
        inside = [words_of(phrase) for phrase in phrases_in(text, phrases)]
        return tuple(self._jobs.find(words_of(text)[:MOST_WORDS], inside, text))

    def _without_opening(self, text: str) -> str:
        """Return a text without its opening, unless the text is a title."""
        folded = fold(text)
        if len(folded) != len(text) or self._titles.has(words_of(folded)[:MOST_WORDS]):
            return text
        return without_opening(text)

    def _without_ordinary(self, text: str) -> str:
        """Return a text without ordinary words (« courte », « prochaine »), unless nothing else remains or a title has
        one beside its neighbour: « restauration rapide ».
        """
        spans = spans_of(fold(text))[:MOST_WORDS]
        words = [word for word, _, _ in spans]
        if not any(map(says_nothing, words)) or len(fold(text)) != len(text) or self._titles.has(words):
            return text
        said = [
            says_nothing(word)
            and not any(self._titles.has(pair) for pair in (words[at - 1 : at + 1], words[at : at + 2]))
            for at, word in enumerate(words)
        ]
        if all(said):
            return text
        for (_, start, end), nothing in reversed(list(zip(spans, said, strict=True))):
            text = text[:start] + text[end:] if nothing else text
        return tidied(text)


def _each_text(found: Expansion, change: Callable[[str], str]) -> Expansion:
    """Return the same with each of its wordings changed."""
    return replace(
        found,
        variants=tuple(dict.fromkeys(map(change, found.variants))),
        meanings=tuple(dict.fromkeys(map(change, found.meanings))),
        own=change(found.own),
    )


def _with_words(lexicon: Lexicon, words: Iterable[str]) -> Lexicon:
    """Return a lexicon that also contains the words of rules, each with the lowest frequency."""
    return replace(lexicon, words=dict.fromkeys(words, 1) | dict(lexicon.words))
