"""A record as a small tree of the elements that the rules read; all others are recorded by path."""

import re
from collections.abc import Callable
from typing import Final

from lxml import etree

from indexer.transform.elements import ATTRIBUTES, KNOWN, VOLATILE

MOST_ATTRIBUTES: Final = 5_000  # of a record; real ones have fifteen
ATTRIBUTE: Final = re.compile(r"""=\s*["']""")
MOST_TAGS: Final = 250_000  # "<" of one record: a larger tree would cost a worker hundreds of megabytes
PARSER: Final = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, load_dtd=False
)
NO_ATTRIBUTES: Final[dict[str, str]] = {}
Others = list[tuple[str, str]]  # path and text of elements that no rule reads
OWN_OTHERS: Final = {"action": "action/", "session": ""}  # containers with their own list -> prefix of its paths
INFO: Final = frozenset({"info"})  # the attribute that names an ``extras`` or ``extra``
EXPECTED: Final = {name: read | VOLATILE for name, read in ATTRIBUTES.items()}
NO_NAMES: Final[frozenset[str]] = frozenset()
PARSER_NAMESPACES: Final = ("{http://www.w3.org/2001/XMLSchema-instance", "{http://www.w3.org/XML/1998/namespace")


class RecordError(Exception):
    """A record cannot become an offer; ``reason`` is a stable code, the message names field and value."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Node:
    """A container element: texts and containers by name, and its meaningful attributes.

    ``others`` are (path, text) of elements that no rule reads; each action and each session has its own list, other
    containers share that of the record. ``taken`` counts the texts of each name that rules took, from the first on.
    """

    __slots__ = ("attributes", "boxes", "others", "taken", "texts")

    def __init__(
        self,
        texts: dict[str, list[str]] | None = None,
        boxes: dict[str, list["Node"]] | None = None,
        attributes: dict[str, str] = NO_ATTRIBUTES,
        others: Others | None = None,
    ) -> None:
        self.texts = {} if texts is None else texts
        self.boxes = {} if boxes is None else boxes
        self.attributes = attributes
        self.others = [] if others is None else others
        self.taken: dict[str, int] = {}

    def take(self, name: str) -> list[str]:
        """Return all texts of that name and mark them as taken."""
        found = self.texts.get(name)
        if not found:
            return []
        self.taken[name] = len(found)
        return found

    def take_first(self, name: str) -> str | None:
        """Return the first text of that name and mark only that one as taken."""
        found = self.texts.get(name)
        if not found:
            return None
        self.taken.setdefault(name, 1)
        return found[0]

    def first(self, name: str) -> "Node | None":
        """Return the first container of that name."""
        found = self.boxes.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list["Node"]:
        """Return all containers of that name."""
        return self.boxes.get(name, [])

    def inside(self, *names: str) -> "Node":
        """Return the first container along the names, an empty one if there is none."""
        node = self
        for name in names:
            found = node.boxes.get(name)
            if not found:
                return EMPTY
            node = found[0]
        return node


EMPTY: Final = Node()


def parse_record(text: str, reshape: Callable[[etree._Element], None] | None = None) -> tuple[str, Node]:
    """Parse one record; return its name and tree. Raises RecordError if it is not well-formed or exceeds a limit.

    ``reshape`` converts the elements of a dialect to LHEO's shape before they are read.
    """
    if text.count("<") > MOST_TAGS:
        raise RecordError("too-many-elements", f"more than {MOST_TAGS // 2} elements in a record")
    # Counted before parsing, which takes quadratic time in the attributes of one tag.
    if text.count("=") > MOST_ATTRIBUTES and sum(1 for _ in ATTRIBUTE.finditer(text)) > MOST_ATTRIBUTES:
        raise RecordError("too-many-attributes", f"more than {MOST_ATTRIBUTES} attributes in a record")
    try:
        root = etree.fromstring(text, PARSER)
    except etree.XMLSyntaxError as error:
        message = f"not well-formed, line {error.lineno} of the record: {error.msg}"
        raise RecordError("not-well-formed", message) from error
    except ValueError as error:  # characters that XML forbids
        raise RecordError("not-well-formed", f"not well-formed: {error}") from error
    if reshape:
        reshape(root)
    namespace, _, name = str(root.tag).rpartition("}")
    reader = _READERS.get(namespace)
    if reader is None:
        reader = _TreeReader(namespace)
        if len(_READERS) < MOST_READERS:
            _READERS[namespace] = reader
    return name, reader.read(root, name, "", [])


class _TreeReader:
    """Builds the trees of records of one namespace; ``_kinds`` caches the kind of each child of each container."""

    def __init__(self, namespace: str) -> None:
        self._namespaces = ("", namespace)
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def read(self, element: etree._Element, name: str, path: str, others: Others) -> Node:
        attributes = self._attributes(element, name, path, others) if element.keys() else NO_ATTRIBUTES
        texts: dict[str, list[str]] = {}
        boxes: dict[str, list[Node]] = {}
        if not KNOWN[name]:
            texts[""] = [element.text or ""]
        elif (own := element.text) and not own.isspace():
            others.append((path.rstrip("/") or name, own.strip()))
        kinds = self._kinds.get(name)
        if kinds is None:
            kinds = self._kinds[name] = {}
        for child in element:
            if (tail := child.tail) and not tail.isspace():
                others.append((path.rstrip("/") or name, tail.strip()))
            kind = kinds.get(child.tag) or self._kind(name, child, kinds)
            if kind is None:
                _set_down(child, path, others)
            elif kind[1]:
                child_name = kind[0]
                if child_name in OWN_OTHERS:
                    box = self.read(child, child_name, OWN_OTHERS[child_name], [])
                else:
                    box = self.read(child, child_name, f"{path}{shown_name(child_name)}/", others)
                if child_name in boxes:
                    boxes[child_name].append(box)
                else:
                    boxes[child_name] = [box]
            else:
                name_of_text = kind[0]
                plain = len(child) == 0 and not child.keys()
                text = (child.text or "") if plain else _text(child, name_of_text, path, others)
                if name_of_text in texts:
                    texts[name_of_text].append(text)
                else:
                    texts[name_of_text] = [text]
        return Node(texts, boxes, attributes, others)

    def _attributes(self, element: etree._Element, name: str, path: str, others: Others) -> dict[str, str]:
        """Return the attributes of an element that the rules read; the others are recorded."""
        found: dict[str, str] = dict(element.attrib)  # type: ignore[arg-type]  # a parser of texts gives no bytes
        if not found.keys() <= EXPECTED.get(name, VOLATILE):
            _set_down_attributes(element, name, path.rstrip("/") or name, others)
        return found if name in ATTRIBUTES else NO_ATTRIBUTES

    def _kind(self, parent: str, child: etree._Element, kinds: dict[str, tuple[str, bool]]) -> tuple[str, bool] | None:
        """Return a child's name and whether it is a container; None if no rule reads it or it is not LHEO's own."""
        namespace, _, name = str(child.tag).rpartition("}")
        if namespace not in self._namespaces:
            return None
        if name in EXTRAS:  # of one name, but of as many kinds as ``info`` has values: never cached
            name = f"{name}:{child.get('info', '')}"
            return (name, name in KNOWN) if name in KNOWN[parent] else None
        if name not in KNOWN[parent]:
            return None
        kind = kinds[str(child.tag)] = name, name in KNOWN
        return kind


EXTRAS: Final = ("extras", "extra")
MOST_READERS: Final = 50  # namespaces; a feed has one
_READERS: Final[dict[str, _TreeReader]] = {}


def _text(element: etree._Element, name: str, path: str, others: Others) -> str:
    """Return the content of a text; nested elements are HTML that was not escaped."""
    if element.keys():
        _set_down_attributes(element, name, f"{path}{shown_name(name)}", others)
    if len(element) == 0:
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        inner = str(child.tag).rpartition("}")[2]
        parts.append(f"<{inner}>{_text(child, inner, f'{path}{name}/', others)}</{inner}>{child.tail or ''}")
    return "".join(parts)


def _set_down(element: etree._Element, path: str, others: Others) -> None:
    """Record the texts of an element that no rule reads, and of its descendants, by path."""
    name = str(element.tag).rpartition("}")[2]
    if name in EXTRAS:
        name = f"{name}:{element.get('info', '')}"
    shown = shown_name(name)
    if shown in VOLATILE:
        return
    if element.keys():
        _set_down_attributes(element, name, f"{path}{shown}", others)
    text = (element.text or "").strip()
    if text:
        others.append((f"{path}{shown}", text))
    for child in element:
        _set_down(child, f"{path}{shown}/", others)
        tail = (child.tail or "").strip()
        if tail:
            others.append((f"{path}{shown}", tail))


def _set_down_attributes(element: etree._Element, name: str, path: str, others: Others) -> None:
    """Record the attributes that no rule reads, except those that change with every export or belong to XML."""
    read = INFO if name.partition(":")[0] in EXTRAS else ATTRIBUTES.get(name, NO_NAMES)
    for key, value in element.items():
        namespace, _, local = str(key).rpartition("}")
        text = str(value).strip()
        if text and local not in VOLATILE and local not in read and namespace not in PARSER_NAMESPACES:
            others.append((f"{path}/@{local}", text))


def shown_name(name: str) -> str:
    """Return an element's name in paths: extras are named with their ``info``."""
    kind, _, info = name.partition(":")
    return info or kind
