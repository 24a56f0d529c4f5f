"""Jobs recognised by meaning, over the fixtures: with the encoder, and the same index without it."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from search_app.search import reference_data
from search_app.search.understand import jobs
from tests.engine.loaded import LoadedApp, serve
from tests.unit.meaning.fake_encoder import FakeEncoder

UNKNOWN_WORD = "informaticien"  # no title of the fixtures has it


class Another(FakeEncoder):
    name = "another"


@pytest.fixture(scope="module")
def without_encoder(loaded_app: LoadedApp) -> Iterator[LoadedApp]:
    settings = loaded_app.app.state.services.settings
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference_data, "load_encoder", lambda: None)
        with serve(settings.opensearch_url, settings.index_prefix) as app:
            yield app


@pytest.fixture(autouse=True)
def the_few_jobs_of_the_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let less likely jobs count: among fifty jobs the meaning of a word is less clear than among five hundred."""
    monkeypatch.setattr(jobs, "LEAST_BY_MEANING", jobs.LEAST_LIKELY)


def found(app: LoadedApp, q: str, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = app.search({"q": [q], **{name: [value] for name, value in more.items()}}).json()
    return answer


def test_a_word_that_no_title_has_finds_its_job(loaded_app: LoadedApp, without_encoder: LoadedApp) -> None:
    assert found(without_encoder, UNKNOWN_WORD)["understood"]["jobs"] == []
    answer = found(loaded_app, UNKNOWN_WORD, explain="true")
    job = answer["understood"]["jobs"][0]
    assert job["code"] == "I1401"
    assert "informatique" in job["near"].lower()
    told = [sentence for each in answer["explain"]["results"] for sentence in each["why"]]
    assert any(f"proche de : « {job['near']} »" in sentence for sentence in told)


def test_the_page_tells_the_title_by_which_a_job_was_found(loaded_app: LoadedApp, without_encoder: LoadedApp) -> None:
    assert "(proche de\xa0: «" in loaded_app.get(f"/offres?q={UNKNOWN_WORD}").text
    assert "proche de" not in without_encoder.get("/offres?q=soudeur").text


def test_without_the_encoder_the_app_is_ready_and_finds_by_words(without_encoder: LoadedApp) -> None:
    assert without_encoder.get("/readyz").status == 200
    answer = found(without_encoder, "soudeur")
    assert answer["understood"]["jobs"][0]["code"] == "H2913"
    assert answer["total"] > 0


def test_a_lexicon_of_another_encoder_leaves_a_line_in_the_log(
    loaded_app: LoadedApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings = loaded_app.app.state.services.settings
    monkeypatch.setattr(reference_data, "load_encoder", Another)
    with caplog.at_level(logging.WARNING), serve(settings.opensearch_url, settings.index_prefix) as app:
        assert app.get("/readyz").status == 200
        assert all(job["near"] == "" for job in found(app, "soudeur")["understood"]["jobs"])
    assert "is not another" in caplog.text
