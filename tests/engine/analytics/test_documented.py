"""The query module and the census answer as their documents say: the OpenAPI document, and the examples of docs/."""

import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from search_app.api.analytics import analytics_routes
from search_app.api.openapi import build_openapi
from tests.engine.loaded import LoadedApp

ROOT: Final = Path(__file__).parents[3]
DOCUMENT: Final = build_openapi()
ASKED: Final = {
    "Pivot": "?rows=region&columns=month&measure=left&start_from=2027-01-01&start_to=2027-03-31&compare=year",
    "WhiteAreas": "/white-areas?region=76&radius=10",
    "Overlaps": "/overlaps?region=76",
    "MeasureHistory": "/history?region=76&domain=230",
}
EXAMPLE: Final = re.compile(r"```sh\ncurl '([^']+)'\n```\n+(?:```json\n(.+?)```)?", re.DOTALL)


def examples(name: str) -> list[tuple[str, Any]]:
    """Return address and sample answer of each example of a document."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return [(address, json.loads(answer) if answer else None) for address, answer in EXAMPLE.findall(text)]


def differences(sample: Any, answer: Any, at: str = "") -> list[str]:
    """Return where a sample has other names or kinds than the answer; its lists may be shorter."""
    if isinstance(sample, dict) and isinstance(answer, dict):
        if sample.keys() != answer.keys():
            return [f"{at}: {sorted(sample.keys() ^ answer.keys())}"]
        return [each for name in sample for each in differences(sample[name], answer[name], f"{at}.{name}")]
    if isinstance(sample, list) and isinstance(answer, list):
        if sample and not answer:
            return [f"{at}: nothing"]
        return [each for part in sample for each in differences(part, answer[0], f"{at}[]")]
    kinds = {"number" if type(each) in (int, float) else type(each).__name__ for each in (sample, answer)}
    return [] if len(kinds - {"NoneType"}) < 2 else [f"{at}: {kinds}"]


def test_every_route_is_in_the_openapi_document() -> None:
    assert {route.path for route in analytics_routes()} - DOCUMENT["paths"].keys() == set()


@pytest.mark.parametrize("name", ASKED)
def test_answer_is_as_the_openapi_document_says(loaded_app: LoadedApp, name: str) -> None:
    answer = loaded_app.get(f"/api/v1/analytics{ASKED[name]}")
    assert answer.status == 200, answer.text
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer.json())] == []


@pytest.mark.parametrize(("document", "least"), [("analytics.md", 4), ("providers.md", 2)])
def test_sample_answers_have_the_fields_of_real_ones(loaded_app: LoadedApp, document: str, least: int) -> None:
    found = examples(document)
    assert len(found) >= least
    for address, sample in found:
        parts = urlsplit(address)
        answer = loaded_app.get(f"{parts.path}?{parts.query}")
        assert answer.status == 200, answer.text
        assert sample is None or differences(sample, answer.json()) == [], address


def test_samples_with_other_fields_are_told() -> None:
    answer = {"areas": [{"insee": "31001", "remote": 3}], "total": 1}
    assert differences({"areas": [{"insee": "31001", "remote": 0}], "total": 9}, answer) == []
    assert differences({"areas": [{"insee": "31001"}], "total": 9}, answer) == [".areas[]: ['remote']"]
    assert differences({"areas": [], "total": "9"}, answer) != []
