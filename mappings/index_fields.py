"""The fields of an offer made from its others only to be searched and counted, and the number of their shape."""

from collections.abc import Mapping
from typing import Any, Final

from mappings import communes, session_index, value_sets
from mappings.columns import amounts, bodies, funding, funding_set, purchases

META_SHAPE: Final = "shape"  # where the metadata of the mapping tell it
SHAPE: Final = 8  # of the offers index; an index of another shape cannot be searched by this version
# No reader of a stored offer needs them.
FIELDS: Final = (
    *(*session_index.FIELDS, value_sets.FIELD, communes.FIELD),
    *(*bodies.FIELDS, *purchases.FIELDS, *amounts.FIELDS, *funding.FIELDS, *funding_set.FIELDS),
)


def index_fields(offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields made from a stored offer with its sessions."""
    made = value_sets.index_values(offer) | communes.index_communes(offer)
    made |= bodies.index_bodies(offer) | purchases.index_purchases(offer) | amounts.index_amounts(offer)
    made |= funding.index_funding(offer)
    made |= funding_set.index_set({**offer, **made})
    if sessions := offer.get("sessions"):
        made |= session_index.index_sessions(sessions, offer.get("funder", ()))
    return made
