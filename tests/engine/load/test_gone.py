"""An offer that its source no longer has: its address says so, with what is like it; one that comes back is there."""

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from mappings.keys import key_of
from tests.engine.installation import Action, Installation
from tests.engine.loaded import serve

FORCE = ("--force", "too-few,too-many-fewer")
SESSION = Action("A1", "CAP Cuisine", sessions=("S1",))
LIKE = Action("A2", "CAP Cuisine", sessions=("S2",))
OTHER = Action("A3", "Soudure", sessions=("S3",))


@pytest.fixture
def installation(engine_url: str, index_prefix: str, tmp_path: Path) -> Installation:
    return Installation.with_rules(engine_url, index_prefix, tmp_path)


def load(installation: Installation, *actions: Action) -> None:
    run = installation.load(*actions, options=FORCE)
    assert run.status == 0, run.err
    installation.call("POST", f"{installation.prefix}*/_refresh")


def test_the_address_of_a_removed_offer_says_so_and_offers_its_likes(installation: Installation) -> None:
    load(installation, SESSION, LIKE, OTHER)
    load(installation, LIKE, OTHER)
    with serve(installation.engine_url, installation.prefix) as app:
        for address in (f"/offres/{key_of('A1')}", "/offres/A1"):
            answer = app.get(address)
            assert answer.status == 410
            page: Any = html.fromstring(answer.text)
            assert page.xpath("//h1")[0].text_content() == "Cette offre n’est plus au catalogue"
            assert "CAP Cuisine" in page.xpath('//p[@class="lead"]')[0].text_content()
            likes = [link.get("href") for link in page.xpath('//p[@class="related-title"]/a')]
            assert likes == [f"/offres/{key_of('A2')}"]
        never = app.get("/offres/A9")
        assert (never.status, html.fromstring(never.text).findtext(".//h1")) == (404, "Cette offre n’existe pas")
        assert app.get("/api/v1/offers/A1").status == 404


def test_an_offer_that_comes_back_is_there_again(installation: Installation) -> None:
    load(installation, SESSION, OTHER)
    load(installation, OTHER)
    load(installation, SESSION, OTHER)
    with serve(installation.engine_url, installation.prefix) as app:
        assert app.get("/offres/A1").status == 200


def test_nothing_is_kept_of_a_source_that_was_forgotten(installation: Installation) -> None:
    load(installation, SESSION, OTHER)
    assert installation.run("forget", "one").status == 0
    with serve(installation.engine_url, installation.prefix) as app:
        assert app.get("/offres/A1").status == 404
