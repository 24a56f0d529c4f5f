"""Code tables and places as they lie in the reference index: one packed document per table, read whole into memory."""

import base64
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson

# Table name -> what a row of its data is. ``providers:SOURCE`` tables are written by each load: {siren: name}.
TABLE_NAMES: Final = (
    "communes",  # [[insee, name, [postal codes], population, département, région, lat | None, lon | None], ...]
    "former_communes",  # {dead insee, or a live one that had another name: [live insee, former name]}
    "cedex",  # {postal code: [insee, ...]}
    "employment_zones",  # {insee: zone}
    "rome",  # {code: label}
    "rome_titles",  # {code: [job title, ...]}
    "rome_texts",  # {code: definition, access and skills of the job}
    "formacode",  # {code of five digits, or of three for a whole domain: label}
    "formacode_synonyms",  # {code: [what the term is used for, ...]}
    "audience",  # {code: label}
    "nsf",  # {code: label}
)
PLAIN_TABLES: Final = (
    "employment_zones", "rome", "rome_titles", "rome_texts", "formacode", "formacode_synonyms", "audience", "nsf",
)  # fmt: skip
PROVIDERS_PREFIX: Final = "providers:"


class Commune(NamedTuple):
    """A commune or an arrondissement of Paris, Lyon or Marseille; ``lat`` and ``lon`` of its centre may be unknown."""

    insee: str
    name: str
    postal_codes: tuple[str, ...]
    population: int
    department: str
    region: str
    lat: float | None
    lon: float | None


def pack_table(name: str, data: Any, loaded_at: str) -> dict[str, Any]:
    """Return the document that stores a table: its rows as JSON, deflated, base64; ``version`` is a hash of them."""
    raw = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    return {
        "name": name,
        "version": hashlib.blake2b(raw, digest_size=8).hexdigest(),
        "loaded_at": loaded_at,
        "count": len(data),
        "data": base64.b64encode(zlib.compress(raw, 6)).decode(),
    }


def unpack_table(document: Mapping[str, Any]) -> Any:
    """Return the rows of a stored table document; raises ValueError if its data are damaged."""
    try:
        return orjson.loads(zlib.decompress(base64.b64decode(document["data"])))
    except (zlib.error, ValueError) as error:
        raise ValueError(f"reference table {document.get('name')!r} is damaged: {error}") from error


@dataclass(frozen=True)
class Reference:
    """All tables in memory; empty ones where nothing was loaded. ``version`` changes with any row of any table."""

    version: str = "empty"
    communes: Mapping[str, Commune] = field(default_factory=dict)
    by_postal_code: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    former_communes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    cedex: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    employment_zones: Mapping[str, str] = field(default_factory=dict)
    rome: Mapping[str, str] = field(default_factory=dict)
    rome_titles: Mapping[str, list[str]] = field(default_factory=dict)
    rome_texts: Mapping[str, str] = field(default_factory=dict)
    formacode: Mapping[str, str] = field(default_factory=dict)
    formacode_synonyms: Mapping[str, list[str]] = field(default_factory=dict)
    audience: Mapping[str, str] = field(default_factory=dict)
    nsf: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, str] = field(default_factory=dict)

    def live_insee(self, code: str) -> str:
        """Return the code of the commune that stands today for ``code``, or ``code`` itself if it is not a dead one."""
        return self.former_communes[code][0] if code in self.former_communes and code not in self.communes else code


def reference_version(documents: Iterable[Mapping[str, Any]]) -> str:
    """Return what changes with any row of any table of these documents; names of providers do not count."""
    rows = sorted((str(document["name"]), document["version"]) for document in documents)
    versions = "".join(f"{name}={version};" for name, version in rows if not name.startswith(PROVIDERS_PREFIX))
    return hashlib.blake2b(versions.encode(), digest_size=8).hexdigest() if versions else "empty"


def build_reference(documents: Iterable[Mapping[str, Any]]) -> Reference:
    """Build the tables in memory from all documents of the reference index, in any order."""
    documents = sorted(documents, key=lambda document: str(document["name"]))
    tables = {str(document["name"]): unpack_table(document) for document in documents}
    communes = {row[0]: Commune(row[0], row[1], tuple(row[2]), *row[3:]) for row in tables.get("communes", ())}
    by_postal_code: dict[str, list[str]] = {}
    for commune in communes.values():
        for code in commune.postal_codes:
            by_postal_code.setdefault(code, []).append(commune.insee)
    providers: dict[str, str] = {}
    for name, rows in tables.items():
        if name.startswith(PROVIDERS_PREFIX):
            providers.update(rows)
    return Reference(
        version=reference_version(documents),
        communes=communes,
        by_postal_code={code: tuple(inseees) for code, inseees in by_postal_code.items()},
        former_communes={code: (row[0], row[1]) for code, row in tables.get("former_communes", {}).items()},
        cedex={code: tuple(row) for code, row in tables.get("cedex", {}).items()},
        providers=providers,
        **{name: tables.get(name, {}) for name in PLAIN_TABLES},
    )
