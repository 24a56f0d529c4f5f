"""Opens feed files: plain, ``.gz`` or ``.zip``, detected by their first bytes; protects against bombs.

Libraries raise many undocumented exceptions for damaged archives (struct, lzma, Unicode, index errors): any exception
counts as damage, and becomes BrokenStream, a BadPart or UnusableFeed.
"""

import gzip
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol, cast

from indexer.records import Limits, UnusableFeed
from indexer.sources.encodings import ByteStream

GZIP_MAGIC: Final = b"\x1f\x8b"
ZIP_MAGIC: Final = b"PK\x03\x04"
ARCHIVE_SUFFIXES: Final = (".zip", ".gz", ".7z", ".tar", ".tgz", ".rar", ".bz2", ".xz")
ZIP_END: Final = struct.Struct("<4s4H2LH")  # end of the directory: the fifth number is the directory's size
ZIP64_END: Final = struct.Struct("<4sQ2H2L4Q")
DIRECTORY_ENTRY: Final = 400  # bytes of the directory per file that an archive may have
# Compressed bytes passed at once to methods with unbounded output: 45 of bzip2 may become 45 MB.
SMALL_READ: Final = 64
LONGEST_NAME: Final = 200  # displayed characters of a member's name


class BrokenStream(Exception):
    """The data end or cannot be decompressed further; the data before are valid."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document to be read: a file, or one member of an archive."""

    name: str
    stream: ByteStream


@dataclass(frozen=True, slots=True)
class BadPart:
    """A file or member that cannot be read at all, and the reason."""

    name: str
    problem: str


class _Decompressing(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Guarded:
    """Passes bytes on and counts them; raises UnusableFeed for a bomb, BrokenStream if decompression fails."""

    def __init__(
        self, name: str, stream: "_Decompressing", source: IO[bytes], limits: Limits, most: int | None = None
    ) -> None:
        self._name, self._stream, self._source, self._limits = name, stream, source, limits
        self._most = most  # bytes requested at once
        self._first = True
        self._cut: str | None = None
        self._count = 0

    def read(self, size: int, /) -> bytes:
        data = self._read_whole(size)
        if self._first and data.startswith((GZIP_MAGIC, ZIP_MAGIC)):
            raise UnusableFeed(f"{self._name}: an archive inside an archive, refused")
        self._first = False
        self._count += len(data)
        self._check()
        return data

    def _read_whole(self, size: int) -> bytes:
        """Read piece by piece: data before a truncation are valid, data before a wrong checksum may not be."""
        if self._cut is not None:
            raise BrokenStream(self._cut)
        parts: list[bytes] = []
        while size and self._cut is None:
            try:
                data = self._stream.read1(min(size, self._most or size))
            except Exception as error:
                self._cut = f"unreadable data after {self._count} bytes ({_cause(error)})"
                if not parts or not isinstance(error, EOFError):
                    raise BrokenStream(self._cut) from error
                break
            if not data:
                break
            parts.append(data)
            size -= len(data)
        return b"".join(parts)

    def _check(self) -> None:
        limits = self._limits
        if self._count > limits.total:
            raise UnusableFeed(f"{self._name}: more than {limits.total} bytes decompressed, refused")
        if self._count > limits.ratio_from and self._count > limits.ratio * max(self._source.tell(), 1):
            raise UnusableFeed(f"{self._name}: decompressed, more than {limits.ratio} times its size, refused")


@contextmanager
def open_parts(path: Path, limits: Limits) -> Iterator[Iterator[Part | BadPart]]:
    """Yield the documents of a file; raises UnusableFeed if the file itself cannot be read."""
    try:
        source = path.open("rb")
    except OSError as error:
        raise UnusableFeed(f"{path}: cannot be opened ({error.strerror})") from error
    with source:
        magic = source.read(4)
        source.seek(0)
        if magic.startswith(ZIP_MAGIC) or _is_zip(source):
            yield _zip_parts(path, source, limits)
        elif magic.startswith(GZIP_MAGIC):
            with gzip.GzipFile(fileobj=source) as stream:
                yield iter([Part(str(path), _Guarded(str(path), stream, source, limits))])
        else:
            yield iter([Part(str(path), source)])


def _is_zip(source: IO[bytes]) -> bool:
    try:
        return zipfile.is_zipfile(source)
    except Exception:  # too damaged to be read as an archive
        return False
    finally:
        source.seek(0)


def _zip_parts(path: Path, source: IO[bytes], limits: Limits) -> Iterator[Part | BadPart]:
    _refuse_large_directory(path, source, limits)
    try:
        archive = zipfile.ZipFile(source)
    except Exception as error:
        raise UnusableFeed(f"{path}: unreadable zip archive ({_cause(error)})") from error
    with archive:
        members = [m for m in archive.infolist() if not m.filename.endswith("/")]
        members = [m for m in members if not m.filename.startswith("__MACOSX/")]
        _refuse_bomb(path, members, limits)
        wanted = [m for m in members if m.filename.lower().endswith((".xml", *ARCHIVE_SUFFIXES))]
        if not wanted:
            raise UnusableFeed(f"{path}: no .xml file in the archive")
        for member in wanted:
            name = f"{path}!{_printable(member.filename)}"
            if member.filename.lower().endswith(ARCHIVE_SUFFIXES):
                yield BadPart(name, "an archive inside an archive, refused")
                continue
            try:
                stream = archive.open(member)
                most = _bound_reads(stream, member)
            except Exception as error:
                yield BadPart(name, f"unreadable member ({_cause(error)})")
                continue
            with stream:
                yield Part(name, _Guarded(name, cast(_Decompressing, stream), source, limits, most))


def _bound_reads(stream: IO[bytes], member: zipfile.ZipInfo) -> int | None:
    """Return how much to request from a member at once, None if the library bounds its output."""
    if member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return None
    cast(zipfile.ZipExtFile, stream).MIN_READ_SIZE = SMALL_READ
    return SMALL_READ


def _cause(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _printable(name: str) -> str:
    """Return a member's name in printable form."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:LONGEST_NAME])


def _refuse_large_directory(path: Path, source: IO[bytes], limits: Limits) -> None:
    """Refuse by the size of the directory, before the library creates an object for each entry."""
    source.seek(max(path.stat().st_size - (1 << 16) - ZIP_END.size, 0))
    tail = source.read()
    source.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + ZIP_END.size:
        return  # the library will report the error
    size = ZIP_END.unpack_from(tail, at)[5]
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if large >= 0 and len(tail) >= large + ZIP64_END.size:
        size = max(size % 0xFFFFFFFF, ZIP64_END.unpack_from(tail, large)[8])
    if size > limits.members * DIRECTORY_ENTRY:
        raise UnusableFeed(f"{path}: the archive's directory has {size} bytes, for {limits.members} files at most")


def _refuse_bomb(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse by the sizes stated in the directory; the library never reads more than a member's stated size."""
    size = path.stat().st_size
    total = sum(member.file_size for member in members)
    if len(members) > limits.members:
        raise UnusableFeed(f"{path}: {len(members)} files in the archive, at most {limits.members} are allowed")
    if total > limits.total or (total > limits.ratio_from and total > limits.ratio * size):
        raise UnusableFeed(f"{path}: {total} bytes decompressed for an archive of {size} bytes, refused")
