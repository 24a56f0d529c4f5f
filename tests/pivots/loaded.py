"""The offers of the fixtures as a loaded app has them."""

from dataclasses import replace
from itertools import count
from typing import Any

from tests.engine.loaded import LoadedApp
from tests.oracle.fixture_truth import DATA, fixture_row, identify, read_fixture_truth
from tests.oracle.trainings import keys_of
from tests.pivots.offers import Offer, fixture_offers


def fetch_results(app: LoadedApp, **parameters: str) -> list[dict[str, Any]]:
    """Return the results of all pages of a search."""
    results: list[dict[str, Any]] = []
    for page in count(1):
        asked = {name: [value] for name, value in parameters.items()} | {"size": ["100"], "page": [str(page)]}
        answer = app.search(asked).json()
        results += answer["results"]
        if len(results) >= answer["total"] or not answer["results"]:
            return results
    raise AssertionError


def loaded_offers(app: LoadedApp) -> list[Offer]:
    """Return the offers of the truth file, with numbers and trainings as the app has them."""
    results = fetch_results(app)
    truths = identify(read_fixture_truth(DATA / "truth.jsonl.gz"), results)
    rows = [fixture_row(truth) for truth in truths]
    keys = keys_of({row.id: row for row in rows}, {each["id"]: each["training"]["key"] for each in results})
    rows = [replace(row, answers_to={**row.answers_to, "training": frozenset((keys[row.training],))}) for row in rows]
    return fixture_offers(rows, truths)
