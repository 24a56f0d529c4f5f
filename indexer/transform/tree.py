"""A record as a small tree of the elements that the rules read; everything else is set down by its path."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from indexer.transform.elements import ATTRIBUTED, KNOWN, VOLATILE

MOST_TAGS: Final = 250_000  # "<" of one record: beyond, its tree would cost a worker hundreds of megabytes
PARSER: Final = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, load_dtd=False
)
NO_CHILDREN: Final[dict[str, list["Node"]]] = {}
NO_ATTRIBUTES: Final[dict[str, str]] = {}


class RecordError(Exception):
    """A record cannot become an offer; ``reason`` is a stable code, the message names field and value."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Node:
    """An element: its text, its attributes where they mean something, its known children by name, the rest by path."""

    __slots__ = ("attributes", "children", "others", "text")

    def __init__(
        self,
        text: str | None = None,
        attributes: dict[str, str] = NO_ATTRIBUTES,
        children: dict[str, list["Node"]] = NO_CHILDREN,
        others: list[tuple[str, str]] | None = None,
    ) -> None:
        self.text, self.attributes, self.children = text, attributes, children
        self.others: list[tuple[str, str]] = [] if others is None else others

    def first(self, name: str) -> "Node | None":
        """Return the first child of that name."""
        found = self.children.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list["Node"]:
        """Return all children of that name."""
        return self.children.get(name, [])

    def inside(self, *names: str) -> "Node":
        """Return the first descendant along the names, an empty node if there is none."""
        node: Node | None = self
        for name in names:
            node = node.first(name) if node else None
        return node or EMPTY


EMPTY: Final = Node()


def parse_record(text: str) -> tuple[str, Node]:
    """Parse one record; return its name and tree. Raises RecordError for what is not well-formed or out of bounds."""
    if text.count("<") > MOST_TAGS:
        raise RecordError("too-many-elements", f"plus de {MOST_TAGS // 2} éléments dans un enregistrement")
    try:
        root = etree.fromstring(text, PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RecordError("not-well-formed", f"XML mal formé : {error}") from error
    namespace, _, name = str(root.tag).rpartition("}")
    reader = _TreeReader(namespace[1:])
    others: list[tuple[str, str]] = []
    return name, reader.read(root, name, "", others)


class _TreeReader:
    def __init__(self, namespace: str) -> None:
        self._names = _NAMES.setdefault(namespace, {})
        self._namespace = namespace

    def read(self, element: etree._Element, name: str, path: str, others: list[tuple[str, str]]) -> Node:
        known = KNOWN[name]
        children: dict[str, list[Node]] = {}
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):  # an entity that stays unresolved
                raise RecordError("not-well-formed", "entité non déclarée")
            child_name = self._names.get(tag) or self._name(tag)
            if child_name in EXTRAS:
                child_name = f"{child_name}:{child.get('info', '')}"
            if child_name not in known:
                _set_down(child, f"{path}{child_name}", others)
                continue
            attributes = _attributes(child) if child_name in ATTRIBUTED else NO_ATTRIBUTES
            if child_name not in KNOWN:
                node = Node(child.text if len(child) == 0 else _inner_html(child), attributes, NO_CHILDREN, others)
            elif child_name == "action":
                node = self.read(child, child_name, "action/", [])
            else:
                node = self.read(child, child_name, f"{path}{child_name}/", others)
            node.attributes = attributes
            children.setdefault(child_name, []).append(node)
        attributes = _attributes(element) if path == "" else NO_ATTRIBUTES
        return Node(None, attributes, children, others)

    def _name(self, tag: str) -> str:
        """Return the local name of LHEO's own elements, a name that nothing knows for those of another namespace."""
        namespace, _, local = tag.rpartition("}")
        own = namespace[1:] in ("", self._namespace)
        name = local if own else f"{{}}{local}"
        if len(self._names) < MOST_NAMES:
            self._names[tag] = name
        return name


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


EXTRAS: Final = ("extras", "extra")
MOST_NAMES: Final = 5_000
_NAMES: dict[str, dict[str, str]] = {}  # tag with namespace -> name; a cache, for records repeat the same hundred tags


def _inner_html(element: etree._Element) -> str:
    """Return the content of a text that holds elements: somebody forgot to escape HTML."""
    parts = [element.text or ""]
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        parts.append(f"<{name}>{_inner_html(child)}</{name}>{child.tail or ''}")
    return "".join(parts)


def _set_down(element: etree._Element, path: str, others: list[tuple[str, str]]) -> None:
    """Append the texts of an element that no rule reads, by path."""
    for where, text in _texts(element, path):
        others.append((where, text))


def _texts(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    if path.rpartition("/")[2].rpartition(":")[2] in VOLATILE:
        return
    text = (element.text or "").strip()
    if text:
        yield path, text
    for child in element:
        if isinstance(child.tag, str):
            name = child.tag.rpartition("}")[2]
            if name in EXTRAS and child.get("info"):
                name = f"{name}:{child.get('info')}"
            yield from _texts(child, f"{path}/{name}")
