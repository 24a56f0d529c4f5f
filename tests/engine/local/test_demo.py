"""`make demo` as a user sees it: an address at the end of the start, and after Ctrl-C only what was there before."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from engine.local import check, process
from engine.local.host import other_site
from engine.local.loading import harvest_commands, loading_commands
from engine.local.node import free_ports
from engine.local.settings import LOOPBACK
from engine.local.sources import document_sources
from fixtures.documents.serve import documents_manifest

ROOT = Path(__file__).parents[3]
START_SECONDS = 120
STOP_SECONDS = 60


@contextmanager
def demonstration(folder: Path, settings: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo running in a folder, and the address that its last line tells; ended if the test leaves it running."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOUSSOLE_")}
    environment = {**inherited, "PYTHONPATH": str(ROOT), "BOUSSOLE_PORT": str(free_ports(1)[0]), **settings}
    command = [sys.executable, "-m", "engine.local.demo"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as demo:
        try:
            yield demo, _told_address(demo)
        finally:
            demo.terminate()
            try:
                demo.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                demo.kill()  # or the test never ends
                raise


def _told_address(demo: subprocess.Popen[str]) -> str:
    """The address in the line that ends the start; AssertionError with all that was said if there is none."""
    assert demo.stdout
    said = []
    for line in demo.stdout:
        said.append(line)
        told = re.match(r"Boussole: (http://\S+)", line)
        if told:
            return told[1]
    raise AssertionError("".join(said))


def _interrupt(demo: subprocess.Popen[str]) -> int:
    """Press Ctrl-C and return the exit status."""
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=STOP_SECONDS)
    return demo.returncode


def test_an_engine_that_dies_ends_the_demo_with_a_line_and_ctrl_c_the_next_one_with_all_that_it_started(
    tmp_path: Path,
) -> None:
    port = free_ports(1)[0]
    settings = {"ENGINE_PORT": str(port), "ENGINE_HEAP": "512m"}
    with demonstration(tmp_path, settings) as (demo, address):
        answer = httpx.get(f"{address}/api/v1/offers", timeout=30).raise_for_status().json()
        assert answer["total"] >= 1500
        assert any(session["seats"] for offer in answer["results"] for session in offer["sessions"])
        owner = process.running(tmp_path / ".engine")
        assert owner
        os.kill(owner.pid, signal.SIGKILL)
        said, _ = demo.communicate(timeout=STOP_SECONDS)
        assert demo.returncode == 1
    told = [line for line in said.splitlines() if "engine" in line]
    assert told == [f"The engine at http://127.0.0.1:{port} has ended with status -9: the demonstration ends too."]
    assert not check.responds(address)

    with demonstration(tmp_path, settings) as (demo, address):
        assert httpx.get(f"{address}/api/v1/offers", timeout=30).raise_for_status().json()["total"] == answer["total"]
        assert _interrupt(demo) == 0
    assert not check.responds(address)
    assert not check.responds(f"http://127.0.0.1:{port}")


def test_ctrl_c_leaves_an_engine_that_ran_before_and_ends_the_page_of_the_other_site(
    engine_url: str, index_prefix: str, tmp_path: Path
) -> None:
    settings = {"BOUSSOLE_OPENSEARCH_URL": engine_url, "BOUSSOLE_INDEX_PREFIX": index_prefix}
    with demonstration(tmp_path, settings) as (demo, address):
        host, _, port = address.rpartition(":")
        other = f"{host}:{int(port) + 1}"
        page = httpx.get(other, timeout=30).raise_for_status()
        assert page.headers["content-security-policy"].startswith(
            f"default-src 'none'; script-src {address}; frame-src {address};"
        )
        kinds = re.findall(r'data-boussole="(\w+)" data-height="\d+"', page.text)
        assert kinds == ["recherche", "liste", "offre", "places"]
        assert httpx.get(f"{other}/nowhere", timeout=30).status_code == 404
        texts = httpx.get(f"{engine_url}/{index_prefix}documents/_search", params={"size": 500}, timeout=30).json()
        sources = {each["source"] for hit in texts["hits"]["hits"] for each in hit["_source"]["provenances"]}
        assert sources == {*(row["name"] for row in documents_manifest()), "boussole-financements"}
        assert _interrupt(demo) == 0
    assert not check.responds(address)
    assert not check.responds(other)
    assert check.responds(engine_url)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"BOUSSOLE_OPENSEARCH_URL": "http://127.0.0.1:9"}, "No engine answers at http://127.0.0.1:9"),
        ({"BOUSSOLE_PORT": "many"}, "BOUSSOLE_PORT=many is not a port"),
    ],
)
def test_what_stops_the_demo_is_told_in_one_line(settings: dict[str, str], told: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "engine.local.demo"]
    free = str(free_ports(1)[0])  # whatever runs on the usual one
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BOUSSOLE_PORT": free, **settings}
    refused = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert refused.stderr.startswith(told)


def test_everything_that_the_manifest_names_is_loaded_and_the_tables_come_first() -> None:
    manifest = {
        "sources": [{"name": "occitanie", "files": ["a.xml.gz", "b.xml"]}, {"name": "bretagne", "files": ["c.zip"]}],
        "seats": "seats.ndjson",
        "register": {"editions": [{"date": "2026-11-01", "list": "list.csv", "sirene_units": "units.csv"}]},
        "reference": {"rome": "rome.csv", "former_communes": "former.csv"},
    }
    assert loading_commands(manifest, Path("out")) == [
        ["reference", "--rome", "out/rome.csv", "--former-communes", "out/former.csv"],
        ["load", "--source", "occitanie", "out/a.xml.gz", "out/b.xml"],
        ["load", "--source", "bretagne", "out/c.zip"],
        ["providers", "--edition", "2026-11-01", "--list", "out/list.csv", "--sirene-units", "out/units.csv"],
        ["funding"],
        ["seats", "out/seats.ndjson"],
    ]


def test_every_source_of_documents_of_the_manifest_is_harvested_from_the_server() -> None:
    manifest = {"documents": [{"name": "carif", "kind": "oai", "path": "/oai"}]}
    assert harvest_commands(manifest, "http://127.0.0.1:8002") == [
        ["harvest", "--source", "carif", "--kind", "oai", "--url", "http://127.0.0.1:8002/oai"]
    ]


def test_a_taken_port_leaves_out_the_documents_in_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with document_sources(port, {}, os.environ, tmp_path / "log") as commands:
            assert commands == []
    assert capsys.readouterr().out == f"Documents: not harvested, port {port} is taken by another program.\n"


def test_a_taken_port_leaves_out_the_page_of_the_other_site_in_one_line(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with other_site("http://127.0.0.1:9", port, os.environ, tmp_path / "log") as told:
            assert told == f"Another site with its widgets: not served, port {port} is taken by another program."
    with other_site("http://127.0.0.1:9", 65536, os.environ, tmp_path / "log") as told:
        assert "not served" in told
