"""Converts LHEO 1.3 to the shape of LHEO 2: other containers and names, the same content."""

from typing import Final, TypeVar

from indexer.transform.elements import KNOWN
from indexer.transform.tree import Node

OPENED: Final = frozenset(
    {"action-formation", "organisation-formation", "conditions-pedagogiques", "conditions-administratives"}
    | {"modalites-acces", "organisation-pedagogique", "organisation-administrative", "organisation-materielle"}
    | {"organismes", "sessions", "codes-FORMACODE", "codes-NSF", "codes-ROME", "codes-public-vise"}
)
RENAMED: Final = {
    "intitule-action": "intitule-formation",
    "diplomante": "certifiante",
    "contact-offre": "contact-formation",
    "modalite-alternance": "modalites-alternance",
    "modalite-entrees-sorties": "modalites-entrees-sorties",
    "FOAD": "modalites-enseignement",  # 0: none, 1: at least partly, which is "blended"
}
T = TypeVar("T")


def to_lheo2(offer: Node) -> Node:
    """Return the formation with one action for an ``offre-formation``."""
    fields = Node(others=offer.others)
    _unpack(offer, fields)
    for wrapper in fields.boxes.pop("organismes-financeurs", []):
        funders = [Node({"code-financeur": [code]}) for code in wrapper.texts.get("code-financeur", ())]
        fields.boxes.setdefault("organisme-financeur", []).extend([*funders, *wrapper.all("organisme-financeur")])
    for domain in fields.all("domaine-formation"):
        codes = Node()
        _unpack(domain, codes)
        domain.texts, domain.boxes = codes.texts, codes.boxes
    action = Node(_of(fields.texts, "action"), _of(fields.boxes, "action"))
    boxes = _of(fields.boxes, "formation") | {"action": [action]}
    return Node(_of(fields.texts, "formation"), boxes, offer.attributes, offer.others)


def _of(fields: dict[str, T], kind: str) -> dict[str, T]:
    return {name: value for name, value in fields.items() if name in KNOWN[kind]}


def _unpack(node: Node, fields: Node) -> None:
    for name, texts in node.texts.items():
        fields.texts.setdefault(RENAMED.get(name, name), []).extend(texts)
    for name, boxes in node.boxes.items():
        if name in OPENED:
            for box in boxes:
                _unpack(box, fields)
        else:
            fields.boxes.setdefault(RENAMED.get(name, name), []).extend(boxes)
