"""A record as a small tree of the elements that the rules read; everything else is set down by its path."""

from collections.abc import Callable
from typing import Final

from lxml import etree

from indexer.transform.elements import ATTRIBUTED, KNOWN, VOLATILE

MOST_TAGS: Final = 250_000  # "<" of one record: beyond, its tree would cost a worker hundreds of megabytes
PARSER: Final = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, load_dtd=False
)
NO_ATTRIBUTES: Final[dict[str, str]] = {}


class RecordError(Exception):
    """A record cannot become an offer; ``reason`` is a stable code, the message names field and value."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Node:
    """An element that holds others: texts and boxes by name, its attributes where they mean something.

    ``others`` are (path, text) of what no rule reads; an action has its own list, all else shares that of the record.
    """

    __slots__ = ("attributes", "boxes", "others", "texts")

    def __init__(
        self,
        texts: dict[str, list[str]] | None = None,
        boxes: dict[str, list["Node"]] | None = None,
        attributes: dict[str, str] = NO_ATTRIBUTES,
        others: list[tuple[str, str]] | None = None,
    ) -> None:
        self.texts = {} if texts is None else texts
        self.boxes = {} if boxes is None else boxes
        self.attributes = attributes
        self.others = [] if others is None else others

    def first(self, name: str) -> "Node | None":
        """Return the first box of that name."""
        found = self.boxes.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list["Node"]:
        """Return all boxes of that name."""
        return self.boxes.get(name, [])

    def inside(self, *names: str) -> "Node":
        """Return the first box along the names, an empty one if there is none."""
        node = self
        for name in names:
            found = node.boxes.get(name)
            if not found:
                return EMPTY
            node = found[0]
        return node


EMPTY: Final = Node()


def parse_record(text: str, reshape: Callable[[etree._Element], None] | None = None) -> tuple[str, Node]:
    """Parse one record; return its name and tree. Raises RecordError for what is not well-formed or out of bounds.

    ``reshape`` gives the elements of a dialect the shape of LHEO before they are read.
    """
    if text.count("<") > MOST_TAGS:
        raise RecordError("too-many-elements", f"more than {MOST_TAGS // 2} elements in a record")
    try:
        root = etree.fromstring(text, PARSER)
    except etree.XMLSyntaxError as error:
        message = f"not well-formed, line {error.lineno} of the record: {error.msg}"
        raise RecordError("not-well-formed", message) from error
    except ValueError as error:  # characters that no XML text can hold
        raise RecordError("not-well-formed", f"not well-formed: {error}") from error
    if reshape:
        reshape(root)
    namespace, _, name = str(root.tag).rpartition("}")
    reader = _READERS.get(namespace)
    if reader is None:
        reader = _TreeReader(namespace)
        if len(_READERS) < MOST_READERS:
            _READERS[namespace] = reader
    return name, reader.read(root, name, _attributes(root), "", [])


class _TreeReader:
    """Reads the trees of records of one namespace; ``_kinds`` remembers what each child of each box is."""

    def __init__(self, namespace: str) -> None:
        self._namespaces = ("", namespace)
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def read(
        self, element: etree._Element, name: str, attributes: dict[str, str], path: str, others: list[tuple[str, str]]
    ) -> Node:
        texts: dict[str, list[str]] = {} if KNOWN[name] else {"": [element.text or ""]}
        boxes: dict[str, list[Node]] = {}
        kinds = self._kinds.get(name)
        if kinds is None:
            kinds = self._kinds[name] = {}
        for child in element:
            tag = child.tag
            kind = kinds.get(tag)
            if kind is None:
                kind = self._kind(name, child, kinds)
                if kind is None:
                    _set_down(child, path, others)
                    continue
            child_name, is_box = kind
            if is_box:
                own = _attributes(child) if child_name in ATTRIBUTED else NO_ATTRIBUTES
                if child_name == "action":
                    box = self.read(child, child_name, own, "action/", [])
                else:
                    box = self.read(child, child_name, own, f"{path}{child_name}/", others)
                if child_name in boxes:
                    boxes[child_name].append(box)
                else:
                    boxes[child_name] = [box]
            else:
                text = (child.text or "") if len(child) == 0 else _inner_html(child)
                if child_name in texts:
                    texts[child_name].append(text)
                else:
                    texts[child_name] = [text]
        return Node(texts, boxes, attributes, others)

    def _kind(self, parent: str, child: etree._Element, kinds: dict[str, tuple[str, bool]]) -> tuple[str, bool] | None:
        """Return a child's name and whether it is a box; none if no rule reads it or it is not LHEO's own."""
        namespace, _, name = str(child.tag).rpartition("}")
        if namespace not in self._namespaces:
            return None
        if name in EXTRAS:  # of one name, but of as many kinds as ``info`` tells: never remembered
            name = f"{name}:{child.get('info', '')}"
            return (name, name in KNOWN) if name in KNOWN[parent] else None
        if name not in KNOWN[parent]:
            return None
        kind = kinds[str(child.tag)] = name, name in KNOWN
        return kind


EXTRAS: Final = ("extras", "extra")
MOST_READERS: Final = 50  # namespaces; a feed has one
_READERS: Final[dict[str, _TreeReader]] = {}


def _attributes(element: etree._Element) -> dict[str, str]:
    return dict(element.attrib)  # type: ignore[arg-type]  # a parser of texts gives no bytes


def _inner_html(element: etree._Element) -> str:
    """Return the content of a text that holds elements: somebody forgot to escape HTML."""
    parts = [element.text or ""]
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        parts.append(f"<{name}>{_inner_html(child)}</{name}>{child.tail or ''}")
    return "".join(parts)


def _set_down(element: etree._Element, path: str, others: list[tuple[str, str]]) -> None:
    """Append the texts of an element that no rule reads, and of all that it holds, by path."""
    name = str(element.tag).rpartition("}")[2]
    if name in EXTRAS:
        name = element.get("info") or name
    if name in VOLATILE:
        return
    text = (element.text or "").strip()
    if text:
        others.append((f"{path}{name}", text))
    for child in element:
        _set_down(child, f"{path}{name}/", others)
