"""The selection where the engine is away."""

from starlette.testclient import TestClient

from mappings.keys import key_of
from search_app.base.settings import Settings
from search_app.web.app import create_app


def test_an_empty_selection_is_there_and_one_with_offers_says_that_nothing_is_lost() -> None:
    with TestClient(create_app(Settings(opensearch_url="http://127.0.0.1:9"))) as client:
        empty = client.get("/selection")
        assert empty.status_code == 200
        assert "Votre sélection est vide" in empty.text
        down = client.get(f"/selection?o={key_of('a')}~lundi~")
        assert down.status_code == 503
        assert f'href="/selection?o={key_of("a")}~lundi~">Réessayer' in down.text
        assert client.get(f"/selection.csv?o={key_of('a')}").status_code == 503
