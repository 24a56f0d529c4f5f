"""The SDK's own client over real HTTP against the real app: totals, budgets, both revisions, two processes in turns."""

from collections.abc import Iterator
from itertools import cycle, pairwise
from typing import Any

import httpx
import pytest

from search_app.assistants.tools.find_code import KINDS
from search_app.assistants.tools.get_offer import NAMES
from tests.engine.assistants.calls import (
    HANDSHAKE,
    HELLO,
    REVISIONS,
    STATELESS,
    call_of,
    connected,
    post_of,
    text_of,
    tokens_of,
)
from tests.engine.assistants.transcript import transcript
from tests.relevance.judged import read_queries
from tests.served import ROOT, Served, serving_command

MOST_OF_SEARCH, MOST_OF_ANSWER = 1_500, 6_000  # tokens
MOST_LINES_OF_OFFER = 5
PUBLIC = "https://formations-de-la-region.example"


@pytest.fixture(name="served", scope="module")
def two_workers(engine_url: str, loaded_prefix: str) -> Iterator[Served]:
    with serving_command(engine_url, loaded_prefix, MCP="1", WORKERS="2", PUBLIC_URL=PUBLIC) as app:
        yield app


def total_of(served: Served, **parameters: Any) -> int:
    answer = httpx.get(f"{served.address}/api/v1/offers", params=parameters, timeout=30).raise_for_status()
    return int(answer.json()["total"])


def regions_of(served: Served) -> dict[str, int]:
    answer = httpx.get(f"{served.address}/api/v1/offers", params={"q": "soudeur", "region": "76"}, timeout=30)
    return {row["value"]: row["count"] for row in answer.json()["facets"]["region"]}


@pytest.mark.parametrize("revision", REVISIONS)
async def test_totals_of_judged_queries_are_those_of_the_api(served: Served, revision: str) -> None:
    # Every sixth for one revision, the next one for the other.
    queries = read_queries()[REVISIONS.index(revision) :: 6]
    different, largest = {}, 0.0
    async with connected(served.address, revision) as client:
        for judged in queries:
            result = await client.call_tool("search_offers", {"q": judged.q})
            assert result.structured_content is not None
            told = result.structured_content["total"]
            if told != (total := total_of(served, q=judged.q)):
                different[judged.q] = (told, total)
            largest = max(largest, tokens_of(result))
    assert different == {}
    assert largest <= MOST_OF_SEARCH


@pytest.mark.parametrize("revision", REVISIONS)
async def test_filters_mean_what_they_mean_in_the_api(served: Served, revision: str) -> None:
    searches: tuple[dict[str, Any], ...] = (
        {}, {"place": "Albi", "radius": 50, "upcoming": True}, {"funder": ["2", "4"], "seats": 1},
        {"start_from": "2027-03-01", "start_to": "2027-03-31", "remote": "exclude"}, {"level": ["13"], "free": True},
        {"q": "soudeur", "recruiting": ["open"], "sort": "seats"}, {"lat": 43.93, "lon": 2.15, "radius": 20.5},
        {"state_funded": True, "mode": ["onsite", "blended"], "entry_level": "0"}, {"price_max": 2000, "page": 2},
        {"region": "76", "domain": ["230"], "rhythm": "evening"}, {"q": "anglais", "verbatim": ["filters"]},
    )  # fmt: skip
    async with connected(served.address, revision) as client:
        for search in searches:
            result = await client.call_tool("search_offers", search)
            assert not result.is_error, text_of(result)
            told = {name: str(value).lower() if value is True else value for name, value in search.items()}
            assert result.structured_content is not None
            assert result.structured_content["total"] == total_of(served, **told), search


async def test_offer_has_five_lines_with_key_address_and_age_of_seats(served: Served) -> None:
    async with connected(served.address, STATELESS) as client:
        result = await client.call_tool("search_offers", {"funder": ["2"], "seats": 1, "upcoming": True})
    assert result.structured_content is not None
    rows = result.structured_content["results"]
    lines = text_of(result).splitlines()
    assert len(rows) == 5
    starts = [lines.index(next(line for line in lines if line.startswith(row["key"]))) for row in rows]
    assert [after - before for before, after in pairwise(starts)] == [MOST_LINES_OF_OFFER] * 4
    for row, start in zip(rows, starts, strict=True):
        offer = lines[start : start + MOST_LINES_OF_OFFER]
        assert offer[0].startswith(f"{row['key']} « ")
        assert offer[-1] == row["url"] == f"{PUBLIC}/offres/{row['key']}"
        assert "restante" in offer[2]
        assert "vu " in offer[2]  # its age
        assert row["seats"] >= 1
        assert row["observed_at"]


async def test_most_offers_are_ten(served: Served) -> None:
    async with connected(served.address, STATELESS) as client:
        ten = await client.call_tool("search_offers", {"size": 10})
        eleven = await client.call_tool("search_offers", {"size": 11})
    assert ten.structured_content is not None
    assert len(ten.structured_content["results"]) == 10
    assert eleven.is_error
    assert "de 1 à 10" in text_of(eleven)


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("words", ["xyzzyplugh", "qsdfghjklm wxcvbn", "zzzz qqqq"])
async def test_words_that_nothing_knows_find_nothing_and_say_so(served: Served, revision: str, words: str) -> None:
    async with connected(served.address, revision) as client:
        result = await client.call_tool("search_offers", {"q": words})
    assert result.structured_content is not None
    assert result.structured_content["total"] == 0
    assert text_of(result).startswith("0 offre trouvée")
    assert "Aucune offre du catalogue n’a ces mots" in text_of(result)


async def test_search_without_results_says_what_finds_something(served: Served) -> None:
    async with connected(served.address, STATELESS) as client:
        result = await client.call_tool("search_offers", {"q": "soudeur", "place": "Albi", "start_to": "2020-01-01"})
    told = text_of(result)
    assert told.startswith("0 offre trouvée")
    assert "Ce qui trouve quelque chose :" in told
    assert f"{PUBLIC}/offres?" in told


def test_processes_in_turns_give_the_same_answers(served: Served, engine_url: str, loaded_prefix: str) -> None:
    """The first is shown into by one, the next asks another: none of them knows of a session."""
    told = set()
    with serving_command(engine_url, loaded_prefix, MCP="1", PUBLIC_URL=PUBLIC) as other:
        addresses = cycle((served.address, other.address))
        headers, body = post_of(HANDSHAKE, "initialize", HELLO)
        httpx.post(f"{next(addresses)}/mcp", headers=headers, content=body, timeout=30).raise_for_status()
        for revision in REVISIONS[::-1] * 6:
            headers, body = call_of(revision, "search_offers", q="soudeur")
            answer = httpx.post(f"{next(addresses)}/mcp", headers=headers, content=body, timeout=30)
            told.add(answer.json()["result"]["content"][0]["text"])
    assert len(told) == 1


async def test_largest_answers_are_within_the_budget(served: Served) -> None:
    largest: dict[str, float] = {}

    def keep(name: str, result: Any) -> None:
        largest[name] = max(largest.get(name, 0), tokens_of(result))

    async with connected(served.address, STATELESS) as client:
        for page in range(1, 21):
            result = await client.call_tool("search_offers", {"size": 10, "page": page})
            keep("search_offers", result)
            assert result.structured_content is not None
            for row in result.structured_content["results"][:3]:
                keep("get_offer", await client.call_tool("get_offer", {"key": row["key"], "sections": [*NAMES]}))
        counts = (await client.call_tool("count_offers", {"by": "?"})).content
        names = str(counts).partition("possible : ")[2].partition(")")[0].split(", ")
        for name in names:
            result = await client.call_tool("count_offers", {"by": name})
            assert not result.is_error, name
            keep("count_offers", result)
        for kind in KINDS:
            keep("find_code", await client.call_tool("find_code", {"kind": kind, "text": "a"}))
    assert set(largest) == {"search_offers", "get_offer", "count_offers", "find_code"}
    assert max(largest.values()) <= MOST_OF_ANSWER, largest


async def test_counts_are_those_of_the_api(served: Served) -> None:
    rows = regions_of(served)
    async with connected(served.address, STATELESS) as client:
        result = await client.call_tool("count_offers", {"by": "region", "q": "soudeur", "region": ["76"]})
    assert result.structured_content is not None
    told = {row["value"]: row["count"] for row in result.structured_content["rows"]}
    assert told == rows
    assert result.structured_content["total"] == told["76"]


def documents_of(served: Served, **parameters: Any) -> int:
    answer = httpx.get(f"{served.address}/api/v1/documents", params=parameters, timeout=30).raise_for_status()
    return int(answer.json()["total"])


@pytest.mark.parametrize("revision", REVISIONS)
async def test_documents_are_those_of_the_api(served: Served, revision: str) -> None:
    searches: tuple[dict[str, Any], ...] = (
        {}, {"q": "compte personnel de formation"}, {"kind": ["sheet", "guide"]}, {"place": "Albi"}, {"funder": "2"},
        {"q": "xyzzyplugh"}, {"page": 2, "size": 3},
    )  # fmt: skip
    totals = []
    async with connected(served.address, revision) as client:
        for search in searches:
            result = await client.call_tool("search_documents", search)
            assert not result.is_error, text_of(result)
            assert result.structured_content is not None
            total = result.structured_content["total"]
            assert total == documents_of(served, **search), search
            assert tokens_of(result) <= MOST_OF_SEARCH
            rows = result.structured_content["results"]
            assert len(rows) == min(search.get("size", 5), total)
            assert all(f"{PUBLIC}/documents/{row['key']}" in text_of(result) for row in rows)
            totals.append(total)
        wrong = await client.call_tool("search_documents", {"kind": "livre", "size": 11, "auteur": "x"})
    assert totals[0] > 10
    assert totals[5] == 0
    assert wrong.is_error
    assert text_of(wrong).startswith("3 paramètres sont incorrects.")


async def test_sections_sessions_and_their_history(served: Served) -> None:
    async with connected(served.address, STATELESS) as client:
        found = await client.call_tool("search_offers", {"funder": "2", "seats": 1})
        assert found.structured_content is not None
        key = found.structured_content["results"][0]["key"]
        offer = await client.call_tool("get_offer", {"key": key})
        assert offer.structured_content is not None
        session = next(row for row in offer.structured_content["sessions"] if row["seats"])
        told = await client.call_tool("seats_history", {"session": session["key"]})
        wrong = await client.call_tool("get_offer", {"key": key, "sections": ["prix"]})
        missing = await client.call_tool("get_offer", {"key": "aaaaaaaaaaaa"})
    assert offer.structured_content["sections"] == ["sessions", "entrer", "financement", "contact"]
    assert "## Qui paie ?" in text_of(offer)
    assert session["key"] in text_of(offer)
    assert f"Session {session['key']}" in text_of(told)
    assert told.structured_content is not None
    assert told.structured_content["statements"][0]["available"] == session["seats"][0]["available"]
    assert wrong.is_error
    assert "programme" in text_of(wrong)
    assert missing.is_error
    assert text_of(missing).startswith("Cette offre n’existe pas")


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("rome", "F1703", "F1703"), ("funder", "région", "2"), ("region", "occitanie", "76"),
        ("department", "tarn", "81"), ("place", "albi", "Albi (81)"), ("mode", "distance", "remote"),
        ("level", "bac", "14"),
    ],
)  # fmt: skip
async def test_codes_are_found_by_words(served: Served, kind: str, text: str, code: str) -> None:
    async with connected(served.address, STATELESS) as client:
        result = await client.call_tool("find_code", {"kind": kind, "text": text})
        assert result.structured_content is not None
        found = [row["code"] for row in result.structured_content["codes"]]
        assert code in found
        for each in found[:3]:
            search = await client.call_tool("search_offers", {kind: each})
            assert not search.is_error, text_of(search)


async def test_documentation_prints_a_real_exchange(served: Served) -> None:
    assert await transcript(served.address) in (ROOT / "docs/assistants.md").read_text("utf-8")


def test_engine_that_does_not_answer_is_a_fault_in_french(loaded_prefix: str) -> None:
    with serving_command("http://127.0.0.1:9", loaded_prefix, MCP="1") as app:
        headers, body = call_of(STATELESS, "search_offers", q="soudeur")
        answer = httpx.post(f"{app.address}/mcp", headers=headers, content=body, timeout=30)
    result = answer.json()["result"]
    assert result["isError"] is True
    assert "moteur" in result["content"][0]["text"]
