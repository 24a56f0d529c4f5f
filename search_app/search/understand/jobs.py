"""Recognises jobs: the ROME codes that a query means, each with a probability."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from language.lexicon import Lexicon
from language.meaning import MeaningVotes
from language.roots import base_form, root_of
from language.words import words_of

# Weight of the most similar job title beside the words of the job: without it "agent d'accueil" is assigned to the job
# with most texts about "accueil". Roots match "soudeuse" with "soudage"; base forms distinguish "banc" from "banque".
ROOTS_ALIKE: Final = 20.0
FORMS_ALIKE: Final = 10.0
HARDLY_ALIKE: Final = 0.3  # below it a shared word is coincidence: "conseiller" alone would match forty jobs
# Scores of a right and a wrong job differ by about ten; at 1 the second of two similar jobs is never shown.
TEMPERATURE: Final = 2.0
# The score of "no job", which competes with the jobs: without it "toques et tabliers" always gets a job, and 0.86
# instead of 0.89 of 450 judged queries find the expected offers; at 20, job titles lose more than the others gain.
NO_JOB: Final = 12.0
# With the votes by meaning: a job's probability grows with WORDS times its score and with the share of its votes to the
# power of MEANING. Fitted on each half of the ROME codes (0.074 and 0.086, 0.94 and 0.95) and measured on the other
# (docs/decisions/0022-meaning.md).
WORDS: Final = 0.08
MEANING: Final = 0.95
NEITHER: Final = 0.0  # the logarithm with which "no job" competes there: at -1 « maroquinier » is an animal keeper
MOST_JOBS: Final = 25
LEAST_LIKELY: Final = 0.05  # a less likely job would add thousands of offers and no useful one
# Where no word is known: names and acronyms (« Dassault », « RATP ») are near to some title or other, up to 0.15.
SURE: Final = 0.97  # probability of a job by words alone with which meaning is not asked
LEAST_BY_MEANING: Final = 0.16


@dataclass(frozen=True, slots=True)
class Job:
    """A ROME code that a query means, with its probability among all codes.

    ``near`` is the known title of the job that is nearest in meaning, empty if meaning did not count.
    """

    code: str
    probability: float
    near: str = ""


def mean_of(found: Sequence[Sequence[Job]]) -> tuple[Job, ...]:
    """Return the jobs of several wordings with the same meaning, the most likely first; wordings without jobs are
    ignored.

    >>> mean_of([[Job("K1303", 1.0)], [], [Job("K1303", 0.5), Job("J1304", 0.5)]])
    (Job(code='K1303', probability=0.75, near=''), Job(code='J1304', probability=0.25, near=''))
    """
    told = [jobs for jobs in found if jobs]
    sums: dict[str, float] = {}
    near: dict[str, str] = {}
    for jobs in told:
        for job in jobs:
            sums[job.code] = sums.get(job.code, 0.0) + job.probability / len(told)
            near.setdefault(job.code, job.near)
    likely = sorted(sums.items(), key=lambda row: (-row[1], row[0]))[:MOST_JOBS]
    return tuple(Job(code, probability, near[code]) for code, probability in likely if probability >= LEAST_LIKELY)


class _Titles:
    """Job titles by their units (roots or base forms), weighted by rarity."""

    def __init__(self, lexicon: Lexicon, unit: Callable[[str], str]) -> None:
        self._unit = unit
        self._jobs = [job for job, _ in lexicon.job_titles]
        units = [frozenset(map(unit, words_of(title))) for _, title in lexicon.job_titles]
        frequency = Counter(each for of_title in units for each in of_title)
        self._rarity = {each: math.log(1 + len(units) / (1 + count)) for each, count in frequency.items()}
        self._unknown = math.log(1 + len(units))
        self._weights = [sum(self._rarity[each] for each in of_title) for of_title in units]
        self._titles: dict[str, list[int]] = {}
        for number, of_title in enumerate(units):
            for each in of_title:
                self._titles.setdefault(each, []).append(number)

    def alikeness(self, words: Iterable[str], phrases: Sequence[Sequence[str]] = ()) -> dict[int, float]:
        """Return job -> overlap (0 to 1) of the words with the most similar title of the job.

        Words of a phrase count only in titles that contain all of them, if there are any.
        """
        asked = {each: self._rarity.get(each, self._unknown) for each in map(self._unit, words)}
        whole = together({each: self._titles.get(each, ()) for each in asked}, _units(phrases, self._unit))
        shared: dict[int, float] = {}
        for each, weight in asked.items():
            for title in whole[each]:
                shared[title] = shared.get(title, 0.0) + weight
        total = sum(asked.values())
        best: dict[int, float] = {}
        for title, weight in shared.items():
            job, overlap = self._jobs[title], weight / (total + self._weights[title] - weight)
            if overlap > best.get(job, 0.0):
                best[job] = overlap
        return best


class JobFinder:
    """Finds jobs by words; built once from a lexicon, shared by all requests."""

    def __init__(self, lexicon: Lexicon, meaning: MeaningVotes | None = None) -> None:
        self._lexicon = lexicon
        self._meaning = meaning

    @cached_property
    def _by_root(self) -> _Titles:
        return _Titles(self._lexicon, root_of)

    @cached_property
    def _by_form(self) -> _Titles:
        return _Titles(self._lexicon, base_form)

    def by_words(self) -> "JobFinder":
        """Return the same without meaning; it shares what is prepared."""
        other = copy(self)
        other._meaning = None
        return other

    def prepare(self) -> None:
        """Compute what the first query would otherwise wait for."""
        self._by_root.alikeness(())
        self._by_form.alikeness(())

    def find(self, words: Sequence[str], phrases: Sequence[Sequence[str]] = (), text: str = "") -> list[Job]:
        """Return the jobs of folded words, the most likely first; empty if nothing indicates any.

        ``phrases`` are words among them that form one unit: "petite enfance" is not "petite entreprise". ``text`` is
        what they stand in, whose meaning counts beside them.
        """
        scores = self._scores(words, phrases)
        by_words, _ = _probabilities(_scaled(scores), NO_JOB / TEMPERATURE)
        is_sure = max(by_words.values(), default=0.0) >= SURE  # meaning changes hardly anything, and costs 4 ms
        counted = self._meaning.count(text) if self._meaning and words and not is_sure else None
        if counted is None:
            return self._likely(by_words)
        votes = {job: MEANING * share for job, share in enumerate(counted.shares)}
        for job, score in scores.items():
            votes[job] += WORDS * score
        mixed, no_job = _probabilities(votes, NEITHER)
        # What is undecided goes to the words alone: « permis d » is near to no title, but they know the letter.
        mixed = {job: each + no_job * by_words.get(job, 0.0) for job, each in mixed.items()}
        return self._likely(mixed, counted.nearest, LEAST_LIKELY if scores else LEAST_BY_MEANING)

    def _likely(
        self,
        probabilities: Mapping[int, float],
        nearest: Callable[[int], str] = lambda _: "",
        least: float = LEAST_LIKELY,
    ) -> list[Job]:
        """Return the jobs with at least that probability, the most likely first."""
        likely = [(job, each) for job, each in probabilities.items() if each >= least]
        likely.sort(key=lambda row: (-row[1], row[0]))
        return [Job(self._lexicon.codes[job][0], each, nearest(job)) for job, each in likely[:MOST_JOBS]]

    def _scores(self, words: Sequence[str], phrases: Sequence[Sequence[str]]) -> dict[int, float]:
        scores: dict[int, float] = {}
        rows = {root: self._row(root) for root in map(root_of, words)}
        whole = together(rows, _units(phrases, root_of))
        for root in map(root_of, words):
            for job in whole[root]:
                scores[job] = scores.get(job, 0.0) + rows[root][job]
        for job, overlap in self._by_root.alikeness(words, phrases).items():
            if overlap > HARDLY_ALIKE:
                scores[job] = scores.get(job, 0.0) + ROOTS_ALIKE * overlap
        for job, overlap in self._by_form.alikeness(words, phrases).items():
            scores[job] = scores.get(job, 0.0) + FORMS_ALIKE * overlap
        return scores

    def _row(self, root: str) -> dict[int, float]:
        row = self._lexicon.weights.get(root, ())
        return {int(job): weight for job, weight in zip(row[::2], row[1::2], strict=True)}


def _scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Return the logarithms with which the best jobs by words compete."""
    best = sorted(scores.items(), key=lambda row: (-row[1], row[0]))[:MOST_JOBS]
    return {job: score / TEMPERATURE for job, score in best}


def _probabilities(votes: Mapping[int, float], no_job: float) -> tuple[dict[int, float], float]:
    """Return the probability of each job and that of none of them; ``votes`` and ``no_job`` are logarithms."""
    top = max(no_job, *votes.values()) if votes else no_job
    powers = {job: math.exp(vote - top) for job, vote in votes.items()}
    no_power = math.exp(no_job - top)
    total = sum(powers.values()) + no_power
    return {job: power / total for job, power in powers.items()}, no_power / total


def _units(phrases: Sequence[Sequence[str]], unit: Callable[[str], str]) -> list[set[str]]:
    return [set(map(unit, phrase)) for phrase in phrases]


def together(places: Mapping[str, Iterable[int]], phrases: Iterable[set[str]]) -> dict[str, Iterable[int]]:
    """Return the positions of units; those of a phrase only where the whole phrase occurs, if it does.

    >>> together({"petit": [1, 2], "enfance": [2], "nuit": [1]}, [{"petit", "enfance"}])
    {'petit': {2}, 'enfance': {2}, 'nuit': [1]}
    """
    found = dict(places)
    for phrase in phrases:
        if phrase and phrase <= found.keys():
            common = set.intersection(*(set(found[unit]) for unit in phrase))
            found |= dict.fromkeys(phrase, common) if common else {}
    return found
