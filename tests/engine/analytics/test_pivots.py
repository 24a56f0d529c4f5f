"""Random pivots over the fixtures: total, rows, columns and cells are those of brute force, and every link leads to as
many offers as its figure says. ``python -m tests.pivots`` asks for more of them, over a generated catalogue.
"""

from collections.abc import Sequence
from typing import Final

import pytest

from tests.engine.loaded import TODAY, LoadedApp
from tests.oracle.draw import Drawer
from tests.oracle.fixture_truth import COMMUNES, FORMER_COMMUNES
from tests.oracle.places import Gazetteer, load_gazetteer
from tests.pivots.check import Checker
from tests.pivots.draw import PivotDrawer
from tests.pivots.loaded import fetch_results, loaded_offers
from tests.pivots.offers import Offer

PIVOTS: Final = 20  # on each of two layouts: some ten seconds; the thousand are a command
WITH_WORDS: Final = 3
WORDS: Final = ("soudeur", "anglais", "CAP cuisine")
# Words that are filters, too: the links must find the same offers without them.
UNDERSTOOD: Final = (
    "soudeur occitanie", "anglais en mars 2027", "CAP cuisine région", "formation à distance secrétaire",
    "soudeur à Albi", "anglai débutant", "xyzzyqwx soudur", "maçon places disponibles",
)  # fmt: skip
SHOWN: Final = 5


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(COMMUNES, FORMER_COMMUNES)


@pytest.fixture(scope="module")
def offers(app: LoadedApp) -> list[Offer]:
    return loaded_offers(app)


def drawer_of(offers: Sequence[Offer], gazetteer: Gazetteer, seed: int) -> PivotDrawer:
    return PivotDrawer(Drawer([each.row for each in offers], gazetteer, TODAY, seed), offers, seed)


def test_pivots_are_those_of_brute_force_and_links_lead_to_their_offers(
    app: LoadedApp, offers: list[Offer], gazetteer: Gazetteer, request: pytest.FixtureRequest
) -> None:
    drawer, checker = drawer_of(offers, gazetteer, len(request.node.name)), Checker(app, offers, gazetteer, TODAY)
    wrong = [
        (drawn, told[:SHOWN])
        for drawn in (drawer.parameters() for _ in range(PIVOTS))
        if (told := checker.check(drawn))
    ]
    assert not wrong, "\n".join(map(str, wrong[:SHOWN]))
    assert checker.links > PIVOTS * 10


def test_pivots_of_words_are_those_of_the_offers_found(
    app: LoadedApp, offers: list[Offer], gazetteer: Gazetteer
) -> None:
    drawer, checker = drawer_of(offers, gazetteer, 7), Checker(app, offers, gazetteer, TODAY)
    for words in WORDS:
        found = frozenset(result["id"] for result in fetch_results(app, q=words))
        assert found, words
        for _ in range(WITH_WORDS):
            drawn = drawer.parameters() | {"q": [words]}
            assert checker.check(drawn, found) == [], drawn


@pytest.mark.parametrize("words", UNDERSTOOD)
def test_links_find_the_offers_of_words_that_are_filters(
    app: LoadedApp, offers: list[Offer], gazetteer: Gazetteer, words: str
) -> None:
    checker = Checker(app, offers, gazetteer, TODAY)
    total = app.search({"q": [words]}).json()["total"]
    for rows, columns in (("region", "funder"), ("rome", "month"), ("recruiting", "level")):
        told = checker.fetch({"q": [words], "rows": [rows], "columns": [columns]})
        assert told["total"]["offers"] == total
        assert checker.follow(told) == []
