"""Jobs of words that no title has, by meaning."""

import math

import pytest

from language.meaning import MeaningVotes, read_votes
from search_app.search.understand import jobs
from search_app.search.understand.jobs import Job, JobFinder, mean_of
from tests.unit.meaning.fake_encoder import BrokenEncoder, FakeEncoder
from tests.unit.meaning.test_votes import LEXICON

VOTES = read_votes(LEXICON.meaning, LEXICON.job_titles, FakeEncoder())
BROKEN = read_votes(LEXICON.meaning, LEXICON.job_titles, BrokenEncoder())


def codes_of(text: str, votes: MeaningVotes | None = VOTES) -> list[str]:
    return [job.code for job in JobFinder(LEXICON, votes).find(text.split(), (), text)]


def test_a_word_that_no_title_has_finds_its_job() -> None:
    assert codes_of("chalumeau", None) == []
    assert codes_of("chalumeau")[0] == "H2913"


def test_words_and_meaning_together_are_surer_than_either() -> None:
    alone = JobFinder(LEXICON, VOTES).find(["chalumeau"], (), "chalumeau")[0]
    together = JobFinder(LEXICON, VOTES).find(["soudeur"], (), "soudeur")[0]
    assert together.code == alone.code == "H2913"
    assert together.probability > alone.probability


class Undecided:
    """Votes that are near to no title."""

    shares: tuple[float, ...] = (-9.0, -9.0, -9.0)

    def count(self, text: str) -> "Undecided":
        return self

    def nearest(self, job: int) -> str:
        return ""


def test_undecided_meaning_leaves_the_words() -> None:
    by_words = JobFinder(LEXICON).find(["soudeur", "arc"])
    found = JobFinder(LEXICON, Undecided()).find(["soudeur", "arc"], (), "soudeur arc")
    assert [job.code for job in found] == [job.code for job in by_words] == ["H2913"]
    assert found[0].probability == pytest.approx(by_words[0].probability, abs=0.05)


class Counted(Undecided):
    """Votes that count how often they are asked."""

    asked = 0

    def count(self, text: str) -> "Undecided":
        self.asked += 1
        return self


@pytest.mark.parametrize(("sure", "asked"), [(0.1, 0), (1.0, 1)])
def test_meaning_is_not_asked_where_words_are_sure(sure: float, asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SURE", sure)
    votes = Counted()
    assert [job.code for job in JobFinder(LEXICON, votes).find(["soudeur"], (), "soudeur")] == ["H2913"]
    assert votes.asked == asked


class Faint(Undecided):
    """Votes of which one title has a little."""

    def __init__(self, share: float) -> None:
        self.shares = (math.log(share), -9.0, -9.0)


@pytest.mark.parametrize(("share", "found"), [(0.12, 0), (0.4, 1)])
def test_a_word_that_nothing_knows_needs_more_than_a_faint_likeness(share: float, found: int) -> None:
    assert len(JobFinder(LEXICON, Faint(share)).find(["dassault"], (), "dassault")) == found
    known = JobFinder(LEXICON, Faint(share)).find(["soudeur"], (), "soudeur")
    assert "H2913" in [job.code for job in known]


@pytest.mark.parametrize("words", ["soudeur arc", "boulanger", "zzz", ""])
def test_an_encoder_that_fails_changes_nothing(words: str) -> None:
    assert JobFinder(LEXICON, BROKEN).find(words.split(), (), words) == JobFinder(LEXICON).find(words.split())


def test_the_nearest_title_of_a_job_is_kept_with_it() -> None:
    found = JobFinder(LEXICON, VOTES).find(["chalumeau"], (), "chalumeau")[0]
    assert found.near in ("Soudage", "Soudeur à l'arc", "Soudeur TIG")
    assert JobFinder(LEXICON).find(["soudeur"])[0].near == ""
    assert mean_of([[found], [Job("H2913", 0.5, "Soudeur TIG")]])[0].near == found.near


def test_no_words_mean_no_job() -> None:
    assert JobFinder(LEXICON, VOTES).find([], (), "") == []
