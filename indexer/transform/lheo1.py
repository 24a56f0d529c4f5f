"""LHEO 1.3 into the shape of LHEO 2: other boxes, other names, the same content."""

from typing import Final

from indexer.transform.elements import KNOWN
from indexer.transform.tree import NO_ATTRIBUTES, Node

BOXES: Final = frozenset(
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
    "FOAD": "modalites-enseignement",  # 0: none, 1: at least in part, which is what "blended" says
}


def to_lheo2(offer: Node) -> Node:
    """Return the formation with its one action that an ``offre-formation`` stands for."""
    fields: dict[str, list[Node]] = {}
    _unpack(offer, fields)
    for wrapper in fields.pop("organismes-financeurs", []):
        funders = [Node(None, NO_ATTRIBUTES, {"code-financeur": [code]}) for code in wrapper.all("code-financeur")]
        fields.setdefault("organisme-financeur", []).extend([*funders, *wrapper.all("organisme-financeur")])
    for domain in fields.get("domaine-formation", []):
        codes: dict[str, list[Node]] = {}
        _unpack(domain, codes)
        domain.children = codes
    action = Node(None, NO_ATTRIBUTES, {name: nodes for name, nodes in fields.items() if name in KNOWN["action"]})
    training = {name: nodes for name, nodes in fields.items() if name in KNOWN["formation"]}
    return Node(None, offer.attributes, training | {"action": [action]}, offer.others)


def _unpack(node: Node, fields: dict[str, list[Node]]) -> None:
    for name, nodes in node.children.items():
        if name in BOXES:
            for box in nodes:
                _unpack(box, fields)
        else:
            fields.setdefault(RENAMED.get(name, name), []).extend(nodes)
