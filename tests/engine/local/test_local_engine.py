"""The local engine: started, stopped, killed, refused."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import psutil
import pytest

from engine.local import check, process
from engine.local.errors import EngineError
from engine.local.node import free_ports
from engine.local.settings import REQUIRED_MODULES, EngineOptions

ROOT = Path(__file__).parents[3]
HEAP = "512m"


def command(name: str, options: EngineOptions) -> subprocess.CompletedProcess[str]:
    """Run the command line where no Java and no Maven can be found."""
    arguments = [sys.executable, "-m", "engine.local", name, "--data", str(options.data)]
    if name == "start":
        arguments += ["--port", str(options.port), "--heap", options.heap, "--nodes", str(options.nodes)]
    bare = {name: value for name, value in os.environ.items() if name not in ("PATH", "JAVA_HOME", "M2_HOME")}
    return subprocess.run(arguments, cwd=ROOT, env={**bare, "PATH": ""}, capture_output=True, text=True)


@pytest.fixture
def options(tmp_path: Path) -> Iterator[EngineOptions]:
    """An engine's options on a free port; whatever runs on its data at the end of the test is stopped."""
    options = EngineOptions(free_ports(3)[0], tmp_path / "data", HEAP, nodes=1)
    yield options
    process.stop(options.data)


def test_data_survive_a_stop_and_a_kill_and_a_second_start_says_that_it_runs(options: EngineOptions) -> None:
    first = command("start", options)
    assert first.returncode == 0, first.stderr
    assert options.url in first.stdout
    httpx.put(f"{options.url}/kept").raise_for_status()
    httpx.put(f"{options.url}/kept/_doc/1", json={"title": "Soudeur"}).raise_for_status()

    assert httpx.put(f"{options.url}/mistyped/_doc/1", json={}).status_code == 404, "an index was made by accident"

    again = command("start", options)
    assert (again.returncode, again.stdout) == (0, f"OpenSearch runs already at {options.url}.\n")

    owner = process.running(options.data)
    assert owner
    victim = psutil.Process(owner.pid)
    listening = {each.laddr.ip for each in victim.net_connections() if each.status == psutil.CONN_LISTEN}
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}
    assert listening
    victim.send_signal(signal.SIGKILL)
    psutil.wait_procs([victim])

    killed = command("start", options)
    assert killed.returncode == 0, killed.stderr
    assert f"A killed engine (process {owner.pid})" in killed.stdout
    assert httpx.get(f"{options.url}/kept/_doc/1").json()["_source"] == {"title": "Soudeur"}

    assert command("stop", options).returncode == 0
    assert not check.responds(options.url)
    assert command("status", options).returncode == 3
    restarted = command("start", options)
    assert "killed" not in restarted.stdout
    assert httpx.get(f"{options.url}/kept/_doc/1").json()["_source"] == {"title": "Soudeur"}


def test_three_nodes_form_one_cluster_that_holds_a_copy(options: EngineOptions) -> None:
    options = EngineOptions(options.port, options.data, HEAP, nodes=3)
    started = command("start", options)
    assert started.returncode == 0, started.stderr
    body = {"settings": {"number_of_shards": 1, "number_of_replicas": 1}}
    httpx.put(f"{options.url}/copied?wait_for_active_shards=2", json=body, timeout=30).raise_for_status()
    for port in options.ports:
        health = httpx.get(
            f"http://127.0.0.1:{port}/_cluster/health/copied?wait_for_status=green&timeout=20s", timeout=30
        )
        assert (health.json()["number_of_nodes"], health.json()["status"]) == (3, "green")


def test_a_busy_port_is_named(options: EngineOptions) -> None:
    with socket.create_server(("127.0.0.1", options.port)):
        refused = command("start", options)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"Port {options.port} is taken by another program: choose another one, as in ENGINE_PORT={options.port + 100}."
    ]


def test_a_full_disk_is_told_before_anything_is_written(
    options: EngineOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=50 * 2**20))
    with pytest.raises(EngineError, match=r"^The disk is full: 50 MB free at \S+, the engine needs \d+ MB\.$"):
        process.start(options)
    assert list(options.data.iterdir()) == []


def test_a_heap_that_the_machine_has_not_is_told_in_one_line(tmp_path: Path) -> None:
    refused = command("start", EngineOptions(free_ports(1)[0], tmp_path / "data", "900000g", nodes=1))
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "there is not enough memory for this heap" in refused.stderr


@pytest.mark.parametrize(
    ("port", "heap", "nodes"), [(0, HEAP, 1), (65535, HEAP, 3), (9200, "lots", 1), (9200, "0g", 1), (9200, HEAP, 0)]
)
def test_options_that_make_no_engine_are_refused(tmp_path: Path, port: int, heap: str, nodes: int) -> None:
    with pytest.raises(EngineError):
        EngineOptions(port, tmp_path, heap, nodes)


def test_a_missing_module_is_named(engine_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check.check_complete(engine_url)
    monkeypatch.setattr(check, "REQUIRED_MODULES", (*REQUIRED_MODULES, "KnnModulePlugin"))
    with pytest.raises(EngineError, match="KnnModulePlugin"):
        check.check_complete(engine_url)
