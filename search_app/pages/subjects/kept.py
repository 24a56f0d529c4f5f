"""Values computed from the catalogue and kept in the process, until the catalogue or the day changes."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar

from starlette.requests import Request

from search_app.search.service import Services, services_of

MOST_KEPT: Final = 500  # values; a page's is some 20 kB
Value = TypeVar("Value")


class Kept:
    """The most recently used values of one version of the catalogue."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._version: Hashable = None
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    async def get(self, version: Hashable, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
        """Return the value of this name and version, made now unless it is kept; what is not kept any more is made
        again.
        """
        if version != self._version:
            self._values.clear()
            self._version = version
        if name in self._values:
            self._values.move_to_end(name)
            kept: Value = self._values[name]
            return kept
        value = await make()
        if version == self._version:  # no other version came meanwhile
            self._values[name] = value
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


def version_of(services: Services) -> Hashable:
    """Return what the values depend on: loads, index, tables, rules, and the day."""
    return services.reference.current().version, services.settings.current_day()


def kept_of(request: Request) -> Kept:
    """Return the values kept by the app that serves this request."""
    state = request.app.state
    if not hasattr(state, "kept"):
        state.kept = Kept()
    kept: Kept = state.kept
    return kept


async def keep(request: Request, name: Hashable, make: Callable[[], Awaitable[Value]]) -> Value:
    """Return a value of the current catalogue, kept by the app."""
    return await kept_of(request).get(version_of(services_of(request)), name, make)
