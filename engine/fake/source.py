"""``_source`` filtering as the engine does it."""

from collections.abc import Sequence
from typing import Any

Document = dict[str, Any]


class Cut:
    """Filters documents by a request's ``_source``: True, False, names, or includes and excludes."""

    def __init__(self, wanted: Any) -> None:
        named = wanted if isinstance(wanted, dict) else {"includes": [] if isinstance(wanted, bool) else wanted}
        self._includes, self._above_includes = _with_parents(_listed(named.get("includes")))
        self._excludes, self._above_excludes = _with_parents(_listed(named.get("excludes")))
        self._all = not self._includes

    def __call__(self, document: Document) -> Document:
        """Return what the engine gives of a document."""
        return self._cut(document, "", whole=self._all)

    def _cut(self, part: Document, above: str, *, whole: bool) -> Document:
        """Return the fields of an object; ``whole``: an object that holds it was asked for by its name."""
        kept: Document = {}
        for name, value in part.items():
            path = above + name
            asked = whole or path in self._includes
            if path in self._excludes or not (asked or path in self._above_includes):
                continue
            if asked and path not in self._above_excludes:
                kept[name] = value
                continue
            inner = self._inner(value, f"{path}.", asked=asked)
            if asked or inner not in (None, {}, []):
                kept[name] = inner
        return kept

    def _inner(self, value: Any, above: str, *, asked: bool) -> Any:
        """Return what remains of a value; of a list the items of which something remains."""
        if isinstance(value, dict):
            return self._cut(value, above, whole=asked)
        if isinstance(value, list):
            return [inner for each in value if (inner := self._inner(each, above, asked=asked)) not in (None, {})]
        return value if asked else None


def _listed(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names or ())


def _with_parents(paths: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return paths (``*`` means no restriction), and those of the objects that contain them."""
    named = [path for path in paths if path != "*"]
    parents = {path[:at] for path in named for at, sign in enumerate(path) if sign == "."}
    return frozenset(named), frozenset(parents)
