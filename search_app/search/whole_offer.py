"""A complete stored record as its model; unknown parts are left out and logged."""

import logging
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from pydantic import ValidationError

from mappings.offer import Offer

MOST_ROUNDS: Final = 4  # nesting depth of removals: an offer, its sessions, their seats, and their containers

logger = logging.getLogger(__name__)


class AnyOffer(Offer):
    """An offer written by any version of the indexer: required fields may have new values."""

    format: str  # type: ignore[assignment]  # of a feed: a name to show


def read_offer(record: Mapping[str, Any]) -> Offer:
    """Return a stored offer by its model, without fields and codes that only a newer indexer knows.

    Raises ValidationError if a field is missing that every offer has.
    """
    for _ in range(MOST_ROUNDS):
        try:
            return AnyOffer.model_validate(record, extra="ignore")
        except ValidationError as error:
            record = _without_faults(record, error)
    return AnyOffer.model_validate(record, extra="ignore")


def _without_faults(record: Mapping[str, Any], error: ValidationError) -> dict[str, Any]:
    """Return a copy without the parts that a model refuses; raises the error if nothing would remain."""
    faults = error.errors(include_url=False, include_input=False)
    paths = {fault["loc"][:-1] if fault["type"] == "missing" else fault["loc"] for fault in faults}
    if () in paths:
        raise error
    logger.warning("offer %s: left out, as it cannot be read: %s", record["key"], sorted(map(str, paths)))
    kept = deepcopy(dict(record))
    # the last items of a list first, so that the indexes of the others do not change
    for path in sorted(paths, reverse=True):
        *parents, last = path
        part: Any = kept
        for name in parents:
            part = part[name]
        del part[last]
    return kept
