"""Providers as organisations of the model, each once in an export."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from indexer.elm.texts import line
from indexer.elm.vocabulary import FRANCE, Node, reference
from mappings.offer import Offer, Organisation

_SIREN: Final = re.compile(r"\d{9}", re.ASCII)


def is_siren(text: str | None) -> bool:
    """Tell whether a text has the form of a SIREN, and so may be part of an address."""
    return text is not None and _SIREN.fullmatch(text) is not None


@dataclass(slots=True)
class Bodies:
    """The organisations of an export; ``names`` are those of providers by SIREN, from the reference tables.

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
        name = body.name or (self.names.get(body.siren) if body.siren else None)
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
