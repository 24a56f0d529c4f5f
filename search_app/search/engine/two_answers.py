"""Parses the engine's answers to two search bodies that were sent together."""

import msgspec
import orjson
from msgspec import Struct

from engine.failures import error_of_status
from search_app.search.stored import SearchAnswer


class TwoAnswers(Struct, gc=False):
    """The two answers; an error in the place of one has no hits, so that it cannot be read."""

    responses: tuple[SearchAnswer, SearchAnswer]


_DECODER = msgspec.json.Decoder(TwoAnswers)


def read_two(told: bytes) -> tuple[SearchAnswer, SearchAnswer]:
    """Return both answers; raises the error in the place of one, or msgspec.DecodeError."""
    try:
        return _DECODER.decode(told).responses
    except ValueError:
        found = orjson.loads(told)
        items = found.get("responses") if isinstance(found, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and {"error", "status"} <= item.keys():
                raise error_of_status(item["status"], item, "one of two searches") from None
        raise
