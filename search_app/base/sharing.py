"""Whether the answer that is being made may be given to other requests for the same address, too.

The middleware that shares answers (``search_app.web.shared_answers``) starts each in a context of its own; whatever
finds out that an answer is for one request only says so as early as it can.
"""

from asyncio import Event
from contextvars import ContextVar, Token

_only_one: ContextVar[Event | None] = ContextVar("_only_one", default=None)


def sharing(only_one: Event) -> Token[Event | None]:
    """Make ``only_one`` be what ``answer_for_one`` sets in this context."""
    return _only_one.set(only_one)


def answer_for_one() -> None:
    """Say that the answer of this context is for one request only: it depends on seats that were asked for, or on a
    person. Does nothing if no answers are shared.
    """
    only_one = _only_one.get()
    if only_one is not None:
        only_one.set()
