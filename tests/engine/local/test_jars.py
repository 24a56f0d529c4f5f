"""The engine's jars come from a repository and are believed only if they are the locked ones."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from engine.local.errors import EngineError
from engine.local.jars import Jar, fetch_jars, load_lock

CONTENT = b"not really a jar" * 1000
JAR = Jar(hashlib.sha256(CONTENT).hexdigest(), len(CONTENT), "fr.example.boussole:thing:1.0")


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a Maven repository on this machine, which jgo's settings name; JAR is in it."""
    folder = tmp_path / "mirror"
    JAR.path(folder).parent.mkdir(parents=True)
    JAR.path(folder).write_bytes(CONTENT)
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    monkeypatch.setattr(SimpleHTTPRequestHandler, "log_message", lambda *_: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        settings = tmp_path / "jgo.conf"
        settings.write_text(f"[repositories]\nhere = http://127.0.0.1:{server.server_port}\n")
        monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder
        server.shutdown()


def test_a_missing_jar_is_fetched_once_and_shown_on_the_way(
    mirror: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "cache"
    assert [path.read_bytes() for path in fetch_jars([JAR], cache)] == [CONTENT]
    assert "MB to download" in capsys.readouterr().err
    JAR.path(mirror).unlink()
    assert fetch_jars([JAR], cache) == [JAR.path(cache)]
    assert capsys.readouterr().err == ""


def test_a_jar_that_was_cut_or_changed_in_the_cache_is_fetched_again(mirror: Path, tmp_path: Path) -> None:
    cached = JAR.path(tmp_path / "cache")
    cached.parent.mkdir(parents=True)
    for damaged in (CONTENT[:-1], b"X" + CONTENT[1:]):
        cached.write_bytes(damaged)
        fetch_jars([JAR], tmp_path / "cache")
        assert cached.read_bytes() == CONTENT


def test_a_jar_that_is_not_the_locked_one_is_refused_and_not_kept(mirror: Path, tmp_path: Path) -> None:
    JAR.path(mirror).write_bytes(b"X" + CONTENT[1:])
    with pytest.raises(EngineError, match=r"^fr\.example\.boussole:thing:1\.0: .*SHA-256"):
        fetch_jars([JAR], tmp_path / "cache")
    assert not JAR.path(tmp_path / "cache").exists()


def test_a_faulty_lock_line_is_named(tmp_path: Path) -> None:
    lock = tmp_path / "jars.lock"
    lock.write_text(f"# jars\n{JAR.sha256} 12\n")
    with pytest.raises(EngineError, match=r"^jars\.lock, line 2: "):
        load_lock(lock)
