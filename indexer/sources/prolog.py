"""The beginning of a document: its format, and the namespaces that its records inherit."""

import html
import re
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

from indexer.records import Format, UnusableFeed

RECORD_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "lheo": ("formation", "offre-formation"),
    "lheo-plus": ("formation", "offre-formation"),
    "lheo-index": ("resume-offre",),
}
START_TAG: Final = re.compile(r"""<(?P<name>[^\s<>/!?="']++)(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""")
NAMESPACE: Final = re.compile(r"""\sxmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
VERSION: Final = re.compile(r"(?:^|[/:#_])(\d+)\.(\d+)(?:\.\d+)*/?$")
TRAINING_ACCOUNT: Final = re.compile(r"https?://(?:www\.)?of\.moncompteformation\.gouv\.fr(?:[/#?].*)?", re.I)
NEWEST: Final = 3  # of version 2: the last one whose elements the rules know
ROOT_TAG: Final = 20_000  # characters within which the root's start tag must end
SKIPPED: Final = (("<!--", "-->"), ("<?", "?>"))


@dataclass(frozen=True, slots=True)
class Prolog:
    """The root element: local name, namespace, version of the namespace, and end of its tag."""

    root: str
    namespace: str | None
    bindings: dict[str, str]  # prefix, "" for the default, -> namespace
    version: Format | None  # None: determined by the names of the records
    end: int
    warning: str | None = None  # about a document that is read as a similar version


def bindings_in(tag: str) -> dict[str, str]:
    """Return the namespaces that a start tag declares, by prefix.

    >>> bindings_in('<a xmlns="u" xmlns:p="v&amp;w" q="1">')
    {'': 'u', 'p': 'v&w'}
    """
    if "xmlns" not in tag:
        return {}
    return {found[1] or "": html.unescape(found[2] or found[3] or "") for found in NAMESPACE.finditer(tag)}


def stand_alone(text: str, name: str, outer: dict[str, str], namespace: str | None) -> str:
    """Add the namespaces that a record inherits, so that it can be parsed alone.

    The document's own namespace is omitted if it is the default and nothing else refers to it: its elements are parsed
    faster under their bare names.

    >>> stand_alone("<p:a>1</p:a>", "p:a", {"p": "u", "q": "v"}, "u"), stand_alone("<a>1</a>", "a", {"": "u"}, "u")
    ('<p:a xmlns:p="u" xmlns:q="v">1</p:a>', '<a>1</a>')
    """
    head = len(name) + 1
    tag = text[: text.find(">")]
    own = bindings_in(tag) if "xmlns" in tag else {}
    missing = {prefix: uri for prefix, uri in outer.items() if prefix not in own}
    if not own and namespace and list(missing.values()).count(namespace) == 1 and namespace not in text:
        missing = {prefix: uri for prefix, uri in missing.items() if prefix or uri != namespace}
    declared = "".join(f" xmlns{':' * bool(prefix)}{prefix}={quoteattr(uri)}" for prefix, uri in missing.items())
    return f"{text[:head]}{declared}{text[head:]}"


def version_of(namespace: str | None) -> Format | None:
    """Return the version of a namespace, None without one; raises ValueError for an unknown one.

    >>> version_of("http://www.lheo.org/1.3.0"), version_of("http://lheo.gouv.fr/2.3"), version_of("urn:x")
    ('1.3', '2.3', None)
    >>> version_of("http://lheo.gouv.fr/2.4"), version_of("https://www.of.moncompteformation.gouv.fr")
    ('2.3', 'cpf')
    """
    if namespace and TRAINING_ACCOUNT.fullmatch(namespace.strip()):
        return "cpf"
    found = VERSION.search(namespace or "")
    if not found:
        return None
    major, minor = int(found[1]), int(found[2])
    if major == 1:
        return "1.3"
    if major == 2:  # an unknown version after 2.3 adds elements, which are kept as others
        return "2.3" if minor >= NEWEST else "2.2"
    raise ValueError(namespace)


def _warning(namespace: str | None) -> str | None:
    found = VERSION.search(namespace or "")
    if found and int(found[1]) == 2 and int(found[2]) > NEWEST:
        return f"LHEO {found[1]}.{found[2]} is not known, read as 2.{NEWEST}"
    return None


def read_prolog(text: str, file: str) -> Prolog | None:
    """Return the prolog, None if more text is needed; raises UnusableFeed if the document is not LHEO."""
    at = 0
    while True:
        at = _skip_space(text, at)
        if at == len(text):
            return None
        if text[at] != "<":
            raise UnusableFeed(f"{file}, line {_line(text, at)}: not XML, begins with {text[at : at + 30]!r}")
        if len(text) < at + len("<!--"):
            return None
        if text.startswith("<!", at) and not text.startswith("<!--", at):
            raise UnusableFeed(f"{file}, line {_line(text, at)}: DOCTYPE refused (it may declare entities)")
        closer = next((closer for opener, closer in SKIPPED if text.startswith(opener, at)), None)
        if closer is None:
            return _read_root(text, at, file)
        end = text.find(closer, at + 2)
        if end < 0:
            return None
        at = end + len(closer)


def _read_root(text: str, at: int, file: str) -> Prolog | None:
    tag = START_TAG.match(text, at)
    if not tag:
        if len(text) - at > ROOT_TAG:
            raise UnusableFeed(f"{file}, line {_line(text, at)}: not XML, {text[at : at + 30]!r}")
        return None
    prefix, _, root = tag["name"].rpartition(":")
    bindings = bindings_in(tag[0])
    namespace = bindings.get(prefix)
    if root not in RECORD_NAMES:
        known = ", ".join(RECORD_NAMES)
        raise UnusableFeed(f"{file}, line {_line(text, at)}: unknown format, root {root[:60]!r} (expected: {known})")
    try:
        version = version_of(namespace)
    except ValueError:
        raise UnusableFeed(f"{file}, line {_line(text, at)}: unknown version of LHEO, {namespace!r}") from None
    form = "index" if root == "lheo-index" else version
    return Prolog(root, namespace, bindings, form, tag.end(), None if form == "cpf" else _warning(namespace))


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n\ufeff":
        at += 1
    return at


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
