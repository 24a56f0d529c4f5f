"""Parses the engine's answers to search bodies that were sent together."""

from collections.abc import Sequence

import msgspec
import orjson
from msgspec import Struct

from engine.failures import error_of_status
from search_app.search.stored import SearchAnswer


class PartAnswers(Struct, gc=False):
    """The answers; an error in the place of one has no hits, so that it cannot be read."""

    responses: list[SearchAnswer]


_DECODER = msgspec.json.Decoder(PartAnswers)


def read_parts(told: bytes, number: int) -> Sequence[SearchAnswer]:
    """Return so many answers; raises the error in the place of one, or msgspec.DecodeError."""
    try:
        answers = _DECODER.decode(told).responses
        if len(answers) != number:
            raise msgspec.ValidationError(f"{len(answers)} answers to {number} searches")
        return answers
    except ValueError:
        found = orjson.loads(told)
        items = found.get("responses") if isinstance(found, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and {"error", "status"} <= item.keys():
                raise error_of_status(item["status"], item, "a part of a search") from None
        raise
