"""Providers as organisations of the model, each once in an export."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.paging import close_view, open_view, read_page
from indexer.elm.texts import line
from indexer.elm.vocabulary import FRANCE, Node, reference
from indexer.installation.indices import Indices
from mappings.offer import Offer, Organisation

PAGE: Final = 2_000
KEPT: Final = "2m"
_SIREN: Final = re.compile(r"\d{9}", re.ASCII)


def is_siren(text: str | None) -> bool:
    """Tell whether a text has the form of a SIREN, and so may be part of an address."""
    return text is not None and _SIREN.fullmatch(text) is not None


@dataclass(slots=True)
class Bodies:
    """The organisations of an export; ``names`` are those of providers by SIREN, legal ones where they are known.

    The numbers of those that were written are kept: one for each provider, however many offers there are.
    """

    site: str
    names: Mapping[str, str]
    written: set[str] = field(default_factory=set)

    def of(self, offer: Offer) -> tuple[str, Node | None] | None:
        """Return the identifier of an offer's provider, and its node if it was not returned before; None if no name is
        known, which the model demands.
        """
        body = offer.provider
        name = self.names.get(body.siren or "") or body.name
        if name is None:
            body = next((trainer for trainer in offer.trainers if trainer.name), body)
            name = body.name
        if name is None:
            return None
        page = f"organismes/{body.siren}" if is_siren(body.siren) else f"offres/{offer.key}"
        identifier = f"{self.site}/{page}#organisme"
        if identifier in self.written:
            return identifier, None
        self.written.add(identifier)
        return identifier, _node(identifier, name, body)


def read_names(indices: Indices) -> dict[str, str]:
    """Return the names of all responsible bodies by SIREN: those of the census, else what loads read; raises
    EngineError.
    """
    names = dict(indices.fetch_reference().providers)
    index = indices.behind(indices.names.providers)
    if index is None:
        return names
    body = {
        "size": PAGE, "query": {"term": {"responsible": True}}, "sort": [{"siren": "asc"}],
        "_source": ["siren", "name"],
    }  # fmt: skip
    view = indices.engine.run(open_view(index, body, KEPT))
    try:
        while hits := indices.engine.run(read_page(view)):
            names |= {row["siren"]: row["name"] for hit in hits if (row := hit["_source"]).get("name")}
    finally:
        indices.engine.run(close_view(view))
    return names


def _node(identifier: str, name: str, body: Organisation) -> Node:
    node: Node = {
        "id": identifier,
        "type": "Organisation",
        "legalName": line(name),
        "location": {"type": "Location", "address": _address(body)},
    }
    if is_siren(body.siren):
        node["registration"] = {
            "type": "LegalIdentifier",
            "notation": body.siren,
            "schemeName": "SIREN",
            "spatial": reference(FRANCE),
        }
    return node


def _address(body: Organisation) -> Node:
    """Return the postal address of the first contact that has one, else the country of registration alone."""
    told = next((contact.address for contact in body.contacts if contact.address), None)
    address: Node = {"type": "Address", "countryCode": reference(FRANCE)}
    return address | {"fullAddress": {"type": "Note", "noteLiteral": line(told)}} if told else address
