"""What the indexer learns from job titles, and the votes that the search counts."""

import math
from dataclasses import replace
from typing import Any

import pytest

from indexer.lexicon.build import build_lexicon
from indexer.lexicon.catalogue import Catalogue
from indexer.lexicon.meaning import build_meaning
from language.lexicon import Lexicon, pack_lexicon, unpack_lexicon
from language.meaning import MeaningVotes, read_votes
from mappings.reference import Reference
from tests.unit.meaning.fake_encoder import BrokenEncoder, FakeEncoder

REFERENCE = Reference(
    rome={"D1102": "Boulangerie", "F1603": "Plomberie", "H2913": "Soudage"},
    rome_titles={
        "D1102": ["Boulanger / Boulangère", "Boulanger-pâtissier / Boulangère-pâtissière"],
        "F1603": ["Plombier / Plombière"],
        "H2913": ["Soudeur / Soudeuse à l'arc", "Soudeur / Soudeuse TIG"],
    },
)
CODES = ["D1102", "F1603", "H2913"]
LEXICON = build_lexicon(Catalogue(rome=dict.fromkeys(CODES, 5)), REFERENCE, FakeEncoder())


def votes_of(lexicon: Lexicon = LEXICON) -> MeaningVotes:
    votes = read_votes(lexicon.meaning, lexicon.job_titles, FakeEncoder())
    assert votes is not None
    return votes


def favourite(text: str) -> str:
    counted = votes_of().count(text)
    assert counted is not None
    assert sum(map(math.exp, counted.shares)) == pytest.approx(1.0)
    return CODES[counted.shares.index(max(counted.shares))]


@pytest.mark.parametrize(
    ("text", "code"),
    [("chalumeau", "H2913"), ("fournil", "D1102"), ("robinet", "F1603"), ("soudeuse", "H2913"), ("plombière", "F1603")],
)
def test_titles_of_near_meaning_vote_for_their_job(text: str, code: str) -> None:
    assert favourite(text) == code


def test_votes_survive_storage() -> None:
    stored = unpack_lexicon(pack_lexicon("offers-1", LEXICON, "2026-11-23"))
    for text in ("chalumeau", "plombier", "rien"):
        before, after = votes_of().count(text), votes_of(stored).count(text)
        assert before is not None
        assert after is not None
        assert after.shares == before.shares
        assert [after.nearest(job) for job in range(3)] == [before.nearest(job) for job in range(3)]


def test_nearest_title_is_one_of_the_job() -> None:
    counted = votes_of().count("boulanger")
    assert counted is not None
    assert counted.nearest(0) in ("Boulangerie", "Boulanger", "Boulanger-pâtissier")
    assert counted.nearest(1) in ("Plomberie", "Plombier")
    assert counted.nearest(7) == ""


def test_the_nearest_of_several_titles_is_told() -> None:
    titles = [(0, "Robinet"), (0, "Fournil"), (0, "Chalumeau")]
    learned = build_meaning(["D1102"], titles, Reference(), FakeEncoder())
    votes = read_votes(learned, titles, FakeEncoder())
    assert votes is not None
    for text, title in (("boulanger", "Fournil"), ("soudeur", "Chalumeau"), ("plombier", "Robinet")):
        counted = votes.count(text)
        assert counted is not None
        assert counted.nearest(0) == title


def test_a_lexicon_of_an_older_version_has_no_meaning() -> None:
    packed = pack_lexicon("offers-1", replace(LEXICON, meaning={}), "2026-11-23")
    assert unpack_lexicon(packed).meaning == {}
    assert read_votes({}, [], FakeEncoder()) is None


def test_without_an_encoder_nothing_is_learned() -> None:
    assert build_lexicon(Catalogue(rome={"D1102": 1}), REFERENCE).meaning == {}
    assert build_lexicon(Catalogue(), REFERENCE, FakeEncoder()).meaning == {}
    assert read_votes(LEXICON.meaning, LEXICON.job_titles, None) is None


@pytest.mark.parametrize(
    "change",
    [
        {"encoder": "fake-2"},
        {"weights": "AAA"},
        {"weights": "AAAA"},
        {"titles": "AA=="},
        {"bias": None},
        {"accents": None},
    ],
)
def test_votes_that_cannot_be_read_leave_a_line_in_the_log(
    change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert read_votes({**LEXICON.meaning, **change}, LEXICON.job_titles, FakeEncoder()) is None
    assert "by words alone" in caplog.text


def test_a_text_that_cannot_be_encoded_has_no_votes(caplog: pytest.LogCaptureFixture) -> None:
    votes = read_votes(LEXICON.meaning, LEXICON.job_titles, BrokenEncoder())
    assert votes is not None
    assert votes.count("soudeur") is None
    assert "cannot be encoded" in caplog.text
