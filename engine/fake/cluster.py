"""Indices, aliases and points in time of the in-memory engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from engine.fake.index import Failure, MemoryIndex, Stored


@dataclass(slots=True)
class Cluster:
    """Indices by name; ``aliases`` are index names by alias, ``views`` the documents that each point in time froze."""

    indices: dict[str, MemoryIndex] = field(default_factory=dict)
    aliases: dict[str, list[str]] = field(default_factory=dict)
    views: dict[str, list[Stored]] = field(default_factory=dict)

    def create(self, name: str, body: Mapping[str, Any]) -> MemoryIndex:
        """Create an index with settings, mappings and aliases; raises Failure if the name is taken."""
        if name in self.indices or name in self.aliases:
            raise Failure(400, "resource_already_exists_exception", f"index [{name}] already exists")
        settings = {"uuid": f"uuid-{name}", **body.get("settings", {}).get("index", {})}
        made = self.indices[name] = MemoryIndex(name, settings, dict(body.get("mappings", {})))
        for alias in body.get("aliases", {}):
            self.aliases.setdefault(alias, []).append(name)
        return made

    def drop(self, name: str) -> None:
        """Delete an index and its alias entries."""
        del self.indices[name]
        for alias in list(self.aliases):
            self.aliases[alias] = [each for each in self.aliases[alias] if each != name]
            if not self.aliases[alias]:
                del self.aliases[alias]

    def named(self, names: str, *, lenient: bool = False) -> list[MemoryIndex]:
        """Return the indices behind names, aliases and patterns, comma-separated; raises Failure if one is missing."""
        found: dict[str, MemoryIndex] = {}
        for name in names.split(","):
            if "*" in name:
                concrete: Iterable[str] = [each for each in self.indices if fnmatchcase(each, name)]
            elif name in self.aliases:
                concrete = self.aliases[name]
            elif name in self.indices:
                concrete = [name]
            elif lenient:
                continue
            else:
                raise missing(name)
            found |= {each: self.indices[each] for each in concrete}
        return list(found.values())

    def to_write(self, name: str, *, alias_only: bool) -> MemoryIndex:
        """Return the index of a write; a missing one is created, as the engine does, unless an alias is required."""
        if name in self.aliases:
            return self.indices[self.aliases[name][-1]]
        if alias_only:
            raise Failure(
                404, "index_not_found_exception", f"no such index [{name}] and [require_alias] request flag is [true]"
            )
        return self.indices[name] if name in self.indices else self.create(name, {})

    def change_aliases(self, actions: Iterable[Mapping[str, Any]]) -> None:
        """Add and remove aliases, all or none; raises Failure for a missing index or alias."""
        changed = {alias: list(names) for alias, names in self.aliases.items()}
        for action in actions:
            ((kind, spec),) = action.items()
            indices = [each.name for each in self.named(spec["index"])]
            of_alias = changed.setdefault(spec["alias"], [])
            if kind == "add":
                of_alias += [name for name in indices if name not in of_alias]
            elif spec.get("must_exist") and not set(indices) & set(of_alias):
                raise Failure(404, "aliases_not_found_exception", f"aliases [{spec['alias']}] missing")
            else:
                of_alias[:] = [name for name in of_alias if name not in indices]
        self.aliases = {alias: names for alias, names in changed.items() if names}

    def open_view(self, names: str) -> str:
        """Freeze the searchable documents of indices; return the name of the point in time."""
        view = f"view-{len(self.views) + 1}"
        self.views[view] = [stored for index in self.named(names) for stored in index.visible.values()]
        return view


def missing(name: str) -> Failure:
    """Return the error for a missing index or alias."""
    return Failure(404, "index_not_found_exception", f"no such index [{name}]")
