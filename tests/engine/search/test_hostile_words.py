"""Whatever is typed into the one field, the API and the page answer soon and sensibly."""

import time
from urllib.parse import quote

import pytest

from search_app.search.params.table import LONGEST_QUERY
from tests.engine.loaded import LoadedApp
from tests.hostile_words import BAD_INPUT
from tests.oracle.fixture_truth import DATA, read_fixture_truth

LONGEST_ANSWER_SECONDS = 0.5
TRIES = 2  # the quicker one tells: the machine may have had something else to do
OFFERS = len(read_fixture_truth(DATA / "truth.jsonl.gz"))
# Nothing that could be searched for: as if nothing had been typed, or nothing found, but never something else.
NO_WORDS = ("only signs", "one sign", "emoji", "only combining marks")


def ask(loaded_app: LoadedApp, path: str, typed: str) -> tuple[int, bytes, float]:
    began = time.perf_counter()
    answer = loaded_app.get(f"{path}?q={quote(typed)}")
    return answer.status, answer.content, time.perf_counter() - began


@pytest.mark.parametrize("what", BAD_INPUT)
def test_the_api_answers_it_or_says_why_not(loaded_app: LoadedApp, what: str) -> None:
    typed = BAD_INPUT[what]
    answer = loaded_app.search({"q": [typed]})
    refused = len(typed) > LONGEST_QUERY or what == "control characters"
    assert (answer.status, what) == (400 if refused else 200, what)
    if answer.status == 400:
        (fault,) = answer.json()["error"]["faults"]
        assert fault["parameter"] == "q"
        return
    found = answer.json()
    assert len(found["results"]) == min(found["total"], found["size"])
    assert found["understood"] is None or found["understood"]["typed"]


@pytest.mark.parametrize("path", ["/api/v1/offers", "/offres"])
@pytest.mark.parametrize("what", BAD_INPUT)
def test_it_takes_no_longer_than_anything_else(loaded_app: LoadedApp, path: str, what: str) -> None:
    answers = [ask(loaded_app, path, BAD_INPUT[what]) for _ in range(TRIES)]
    assert {status for status, _, _ in answers} <= {200, 400}, what
    assert min(seconds for _, _, seconds in answers) <= LONGEST_ANSWER_SECONDS, what


@pytest.mark.parametrize("what", BAD_INPUT)
def test_the_page_has_a_field_to_go_on_from_and_repeats_nothing_as_markup(loaded_app: LoadedApp, what: str) -> None:
    _, content, _ = ask(loaded_app, "/offres", BAD_INPUT[what])
    page = content.decode()
    assert 'name="q"' in page
    assert "<script>alert" not in page
    assert "<b onmouseover" not in page


@pytest.mark.parametrize("what", NO_WORDS)
def test_what_holds_no_word_finds_everything_or_nothing(loaded_app: LoadedApp, what: str) -> None:
    total = loaded_app.search({"q": [BAD_INPUT[what]]}).json()["total"]
    assert total in (0, OFFERS)


def test_a_word_among_signs_is_found_all_the_same(loaded_app: LoadedApp) -> None:
    plain = loaded_app.search({"q": ["soudeur"]}).json()["total"]
    for what in ("emoji beside a word", "invisible characters"):
        assert loaded_app.search({"q": [BAD_INPUT[what]]}).json()["total"] == plain, what
