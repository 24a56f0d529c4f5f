"""The loader: small, and every text that was released stays served."""

import base64
import gzip
import hashlib
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from search_app.base.responses import LEAST_COMPRESSED
from search_app.pages.shared.assets import FOREVER, load_assets
from search_app.pages.widgets.loader import EVERGREEN, RELEASED, current_loader, release, released_loaders
from tests.away_engine import away_app

MOST_BYTES = 2_000  # compressed


@pytest.mark.parametrize("path", sorted(RELEASED.iterdir()), ids=lambda path: path.name)
def test_every_released_loader_is_served_under_the_hash_of_its_text(path: Path) -> None:
    with TestClient(away_app()) as client:
        answer = client.get(f"/widgets/1/{path.name}")
    assert answer.status_code == 200
    assert answer.content == path.read_bytes()
    assert path.name == f"boussole-{hashlib.blake2b(answer.content, digest_size=6).hexdigest()}.js"
    assert answer.headers["cache-control"] == FOREVER
    assert answer.headers["access-control-allow-origin"] == "*"


def test_loader_of_this_version_is_released_and_evergreen() -> None:
    loader = current_loader()
    assert loader.name in released_loaders(), "run python -m search_app.pages.widgets.loader"
    with TestClient(away_app()) as client:
        answer = client.get(EVERGREEN, headers={"Accept-Encoding": "identity"})
        zipped = client.get(EVERGREEN)
    assert answer.content == zipped.content == loader.plain
    assert zipped.headers["content-encoding"] == "gzip"
    assert "immutable" not in answer.headers["cache-control"]
    assert answer.headers["access-control-allow-origin"] == "*"
    digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
    assert loader.integrity == f"sha384-{digest}"


def test_loader_is_small_and_writes_no_style_element() -> None:
    text = current_loader().plain
    assert len(gzip.compress(text)) <= MOST_BYTES
    for forbidden in (b"cookie", b"localStorage", b"sessionStorage", b'"style"', b"innerHTML", b".focus(", b"history"):
        assert forbidden not in text


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_files_say_once_that_they_vary_with_the_encoding(encoding: str) -> None:
    small, large = (load_assets().get(name).url for name in ("boussole.svg", "boussole.css"))
    assert len(load_assets().get("boussole.svg").plain) < LEAST_COMPRESSED
    with TestClient(away_app()) as client:
        for address in (EVERGREEN, current_loader().url, small, large):
            answer = client.get(address, headers={"Accept-Encoding": encoding})
            assert answer.headers.get_list("vary") == ["Accept-Encoding"], address
            assert answer.headers.get("content-encoding", "identity") == encoding


def test_an_unknown_version_is_a_404_that_may_be_framed_like_all_there() -> None:
    with TestClient(away_app()) as client:
        answer = client.get("/widgets/1/boussole-000000000000.js")
    assert answer.status_code == 404
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


def test_releasing_writes_the_text_under_its_name(tmp_path: Path) -> None:
    path = release(tmp_path)
    assert path.name == current_loader().name
    assert path.read_bytes() == current_loader().plain
