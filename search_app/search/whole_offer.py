"""A stored record, whole, as the model of what is stored: what this app cannot read of it is left out and logged."""

import logging
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from pydantic import ValidationError

from mappings.offer import Offer

MOST_ROUNDS: Final = 4  # of leaving out: an offer, its sessions, their seats, and what holds them

logger = logging.getLogger(__name__)


class AnyOffer(Offer):
    """An offer as any version of the indexer wrote it: what none is without may have values that are new."""

    format: str  # type: ignore[assignment]  # of a feed: a name to show


def read_offer(record: Mapping[str, Any]) -> Offer:
    """Return a stored offer by its model, without what only a newer indexer knows: fields, and values of codes.

    Raises ValidationError if it lacks what every offer has.
    """
    for _ in range(MOST_ROUNDS):
        try:
            return AnyOffer.model_validate(record, extra="ignore")
        except ValidationError as error:
            record = _without_faults(record, error)
    return AnyOffer.model_validate(record, extra="ignore")


def _without_faults(record: Mapping[str, Any], error: ValidationError) -> dict[str, Any]:
    """Return a copy without the parts that a model refuses; raises the error if that would be all of it."""
    faults = error.errors(include_url=False, include_input=False)
    paths = {fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"] for fault in faults}
    if () in paths:
        raise error
    logger.warning("offer %s: left out, as it cannot be read: %s", record["key"], sorted(map(str, paths)))
    kept = deepcopy(dict(record))
    for path in sorted(paths, reverse=True):  # of a list the last items first: the others keep their numbers
        *parents, last = path
        part: Any = kept
        for name in parents:
            part = part[name]
        del part[last]
    return kept
