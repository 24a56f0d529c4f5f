"""Code tables and places as they lie in the reference index: one packed document per table, read whole into memory."""

import base64
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import orjson

from language.roots import base_form
from language.words import words_of

PLAIN_TABLES: Final = (
    "employment_zones", "rome", "rome_titles", "rome_texts", "rome_sheets", "formacode", "formacode_synonyms",
    "audience", "nsf",
)  # fmt: skip
PROVIDERS_PREFIX: Final = "providers:"  # each load writes a table for its source: {SIREN: name}
TRAINERS_PREFIX: Final = "trainers:"  # likewise, of the bodies that deliver


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
    """All tables in memory, under their stored names; empty if nothing was loaded."""

    communes: Mapping[str, Commune] = field(default_factory=dict)  # by INSEE code; stored as rows of a Commune's fields
    by_postal_code: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # INSEE codes, made from communes
    former_communes: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # INSEE code -> live one, former name
    cedex: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # postal code -> INSEE codes
    employment_zones: Mapping[str, str] = field(default_factory=dict)  # INSEE code -> zone
    rome: Mapping[str, str] = field(default_factory=dict)  # code -> label
    rome_titles: Mapping[str, list[str]] = field(default_factory=dict)  # code -> job titles
    rome_texts: Mapping[str, str] = field(default_factory=dict)  # code -> definition, access and skills of the job
    rome_sheets: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)  # code -> part -> its sentences
    formacode: Mapping[str, str] = field(default_factory=dict)  # code of five digits, or of three for a domain -> label
    formacode_synonyms: Mapping[str, list[str]] = field(default_factory=dict)  # code -> synonyms of the term
    audience: Mapping[str, str] = field(default_factory=dict)  # code -> label
    nsf: Mapping[str, str] = field(default_factory=dict)  # code -> label
    zone_towns: Mapping[str, str] = field(default_factory=dict)  # employment zone -> its largest commune
    trainers: Mapping[str, str] = field(default_factory=dict)  # SIREN -> name, delivering bodies and providers
    providers: Mapping[str, str] = field(default_factory=dict)  # SIREN -> name, from the tables of all sources

    def live_insee(self, code: str) -> str:
        """Return the code of the commune that stands today for ``code``, or ``code`` itself if it is not a dead one."""
        return self.former_communes[code][0] if code in self.former_communes and code not in self.communes else code

    @cached_property
    def formacode_by_words(self) -> Mapping[frozenset[str], tuple[str, ...]]:
        """Return the codes of Formacode by the words of their label or of a synonym (``name_words``)."""
        found: dict[frozenset[str], dict[str, None]] = {}
        for code, label in self.formacode.items():
            for name in (label, *self.formacode_synonyms.get(code, ())):
                found.setdefault(name_words(name), {})[code] = None
        return {words: tuple(codes) for words, codes in found.items() if words}


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name in their base forms, in which names are compared.

    >>> sorted(name_words("Soudages à l’arc")) == sorted(name_words("Arc, soudage"))
    True
    """
    return frozenset(map(base_form, words_of(name)))


def tables_version(documents: Iterable[Mapping[str, Any]]) -> str:
    """Return a version that changes with any row of the tables in these documents."""
    versions = "".join(sorted(f"{document['name']}={document['version']};" for document in documents))
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
    providers, trainers = (_of_all_sources(tables, prefix) for prefix in (PROVIDERS_PREFIX, TRAINERS_PREFIX))
    return Reference(
        communes=communes,
        by_postal_code={code: tuple(inseees) for code, inseees in by_postal_code.items()},
        former_communes={code: (row[0], row[1]) for code, row in tables.get("former_communes", {}).items()},
        cedex={code: tuple(row) for code, row in tables.get("cedex", {}).items()},
        providers=providers,
        zone_towns=_largest_towns(communes.values(), tables.get("employment_zones", {})),
        trainers={**trainers, **providers},  # a body has the name that it gives itself as responsible
        **{name: tables.get(name, {}) for name in PLAIN_TABLES},
    )


def _of_all_sources(tables: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """Return the rows of the tables of all sources of a kind."""
    return {key: label for name, rows in tables.items() if name.startswith(prefix) for key, label in rows.items()}


def _largest_towns(communes: Iterable[Commune], zones: Mapping[str, str]) -> dict[str, str]:
    """Return the name of the commune with most inhabitants of each employment zone."""
    largest: dict[str, Commune] = {}
    for commune in communes:
        zone = zones.get(commune.insee)
        if zone and (zone not in largest or commune.population > largest[zone].population):
            largest[zone] = commune
    return {zone: commune.name for zone, commune in largest.items()}
