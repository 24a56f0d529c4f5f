"""Checks of a running engine: whether it answers, and whether it has everything that Boussole needs."""

from __future__ import annotations

import http
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from engine.local.errors import EngineError
from engine.local.jars import OPENSEARCH_VERSION
from engine.local.settings import REQUIRED_MODULES

Condition = Callable[[], bool]
REQUEST_SECONDS = 10
# Connects directly: a proxy named in the environment cannot reach this machine's loopback interface.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def request(url: str, body: dict[str, Any] | None = None) -> Any:
    """Return the engine's JSON answer to a GET, or to a POST of `body`; raises OSError or HTTPException."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with _OPENER.open(asked, timeout=REQUEST_SECONDS) as answer:
        return json.load(answer)


def responds(url: str) -> bool:
    """Tell whether a GET of the address succeeds, whatever the answer contains."""
    try:
        with _OPENER.open(url, timeout=REQUEST_SECONDS) as answer:
            return bool(answer.status == http.HTTPStatus.OK)
    except (OSError, http.client.HTTPException):
        return False


def answers(url: str, nodes: int = 1) -> bool:
    """Tell whether the engine answers, its nodes have joined and its indices can be searched."""
    try:
        health = request(f"{url}/_cluster/health?wait_for_nodes={nodes}&wait_for_status=yellow&timeout=5s")
    except (OSError, http.client.HTTPException):
        return False
    return not health["timed_out"]


def check_complete(url: str) -> None:
    """Raise EngineError if the engine has another version, lacks a module or cannot create an index."""
    version = request(url)["version"]["number"]
    if version != OPENSEARCH_VERSION:
        raise EngineError(f"OpenSearch {version} answers at {url}, {OPENSEARCH_VERSION} was expected.")
    loaded = {plugin["component"].rpartition(".")[2] for plugin in request(f"{url}/_cat/plugins?format=json")}
    missing = [module for module in REQUIRED_MODULES if module not in loaded]
    if missing:
        raise EngineError(f"The engine lacks modules: {', '.join(missing)}.")
    try:
        # Every index builds the analyzers of all languages: without Thai locale data none can be created.
        request(f"{url}/_analyze", {"analyzer": "thai", "text": "ภาษา"})
    except urllib.error.HTTPError as error:
        raise EngineError("The engine cannot build its analyzers: the Java runtime lacks locale data.") from error
