"""DILA's sheets of service-public: a zip of XML files, one text each → what each says."""

import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from lxml import etree

from indexer.harvest.faults import SourceFault, one_line
from indexer.harvest.fetch.fetcher import Fetcher
from indexer.harvest.read.dublin_core import read_elements
from indexer.harvest.read.xml import local_name, parse_xml
from indexer.harvest.told import Item, Reading, Rejected, Told
from mappings.documents.document import DocumentKind

MOST_BYTES: Final = 600_000_000  # of the zip
MOST_SECONDS: Final = 1_800.0
MOST_FILES: Final = 50_000
FILE_BYTES: Final = 8_000_000  # of one sheet, decompressed
TOTAL_BYTES: Final = 3_000_000_000
LIST_BYTES: Final = 10_000_000  # of the zip's own list of files, which is read at once and takes ten times the memory
BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, struct.error),
    *(ValueError, OSError),  # a negative position, a name that is no text, broken bzip2
)
ROOTS: Final[dict[str, DocumentKind]] = {"publication": "sheet", "fiche": "sheet", "actualite": "news"}
NO_SHEETS: Final = ("n", "r")  # first letter of the numbers of themes and of resources, which are lists of links
BODY: Final = ("introduction", "texte", "listesituations", "avertissement", "ouverture")
DUBLIN_CORE: Final = "http://purl.org/dc/"


def read_dila(fetcher: Fetcher, url: str, reading: Reading) -> Iterator[Item]:
    """Yield every sheet of a zip, or of one XML file; raises SourceFault if it is neither, or did not come whole."""
    with tempfile.TemporaryFile() as file:
        fetcher.get(url, file, replace(fetcher.bounds, body=MOST_BYTES, whole=MOST_SECONDS))
        file.seek(0)
        begins = file.read(4)
        file.seek(0)
        if begins.startswith(b"PK"):
            yield from read_sheets(file, one_line(url), reading)
            return
        body = file.read(FILE_BYTES + 1)
        if len(body) > FILE_BYTES:
            raise SourceFault(f"{one_line(url)}: neither a zip nor one sheet")
        item = _to_item(body, one_line(url))
        if item is None or isinstance(item, Rejected):
            reason = item.message if item else "neither a zip nor a sheet"
            raise SourceFault(f"{one_line(url)}: {reason}")
        yield item


class _Bounded:
    """A file of which no part longer than a list of files may be is read at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, all that follow without a number; raises BadZipFile if they are too many."""
        data = self._file.read(min(size, LIST_BYTES + 1) if size >= 0 else LIST_BYTES + 1)
        if len(data) > LIST_BYTES:
            raise zipfile.BadZipFile(f"its list of files has more than {LIST_BYTES} bytes")
        return data


def read_sheets(file: BinaryIO, what: str, reading: Reading) -> Iterator[Item]:
    """Yield the sheets of a zip; raises SourceFault if it cannot be read to its end."""
    others = total = 0
    try:
        with zipfile.ZipFile(_Bounded(file)) as archive:
            infos = [info for info in archive.infolist() if info.filename.lower().endswith(".xml")]
            if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > TOTAL_BYTES:
                raise SourceFault(f"{what}: more than {MOST_FILES} files or {TOTAL_BYTES} bytes decompressed")
            for info in infos:
                with archive.open(info) as member:
                    body = member.read(FILE_BYTES + 1)
                total += len(body)
                if total > TOTAL_BYTES:
                    raise SourceFault(f"{what}: more than {TOTAL_BYTES} bytes decompressed")
                item = _to_item(body, one_line(info.filename))
                others += item is None
                if item is not None:
                    yield item
    except BROKEN as error:
        raise SourceFault(f"{what}: not a whole zip ({one_line(str(error))})") from None
    reading.notes += [f"{others} files of themes and resources were passed over"] if others else []


def _to_item(body: bytes, place: str) -> Item | None:
    """Return a sheet, None for a file that is none."""
    stem = place.rpartition("/")[2].removesuffix(".xml")
    if len(body) > FILE_BYTES:
        return Rejected(stem, place, "file-too-large", f"more than {FILE_BYTES} bytes")
    try:
        root = parse_xml(body, place)
    except SourceFault as fault:
        return Rejected(stem, place, "not-xml", str(fault))
    number = (root.get("ID") or root.get("id") or "").strip()
    if local_name(root) not in ROOTS or number[:1].lower() in NO_SHEETS:
        return None
    if not number:
        return Rejected(stem, place, "no-identifier", "sheet without ID")
    address = (root.get("spUrl") or "").strip()
    core = [(local_name(each), "".join(map(str, each.itertext()))) for each in root if _is_core(each)]
    told = Told(number, place, kind=ROOTS[local_name(root)], raw=body[:20_000].decode("utf-8", "replace"))
    told = read_elements(told, [(name, text) for name, text in core if name != "creator"])
    first = (root.get("datePremiereMiseEnLigne") or "").strip()
    return replace(
        told,
        text=_text(root),
        urls=[each for each in (address,) if each],
        identifiers=[each for each in (address,) if each],
        subjects=[*told.subjects, *_path(root)],
        dates=[*told.dates, *([first] if first else [])],
        types=[],
    )


def _is_core(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{DUBLIN_CORE}")


def _path(root: etree._Element) -> list[str]:
    """Return the themes under which a sheet stands."""
    path = root.find("FilDAriane")
    return [] if path is None else [text for level in path if (text := "".join(map(str, level.itertext())).strip())]


def _text(root: etree._Element) -> str:
    """Return what a sheet says, a line for each block."""
    blocks = [part for part in root if local_name(part) in BODY]
    return "\n".join(" ".join(" ".join(map(str, block.itertext())).split()) for block in blocks)
