"""``find_code``: codes that the arguments of a search take, by words."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from language.words import clean, fold
from search_app.assistants.quotation import plain, quote, visible
from search_app.assistants.tools.answer import Answer, Arguments, Asked
from search_app.assistants.tools.arguments import fault_of, one_text, read_pairs
from search_app.search.facets import FACETS, CodePattern, Codes
from search_app.search.params import refuse
from search_app.search.params.table import LONGEST_PLACE
from search_app.search.places.found_place import Kind
from search_app.search.reference_data import Snapshot
from search_app.search.suggest.entries import Group
from search_app.text import wording
from search_app.text.wording import curved

MOST_ROWS: Final = 10
_WORD: Final = re.compile(r"[a-z0-9]+")
LONGEST_LABEL: Final = 100
# A trainer’s SIREN is found as that of a provider.
_TABLES: Final = tuple(
    facet.param for facet in FACETS if isinstance(facet.values, Codes | CodePattern) and facet.param != "trainer"
)
_SUGGESTED: Final[Mapping[str, Group]] = {
    "rome": "jobs", "domain": "domains", "rncp": "certifications", "provider": "providers",
}  # fmt: skip
_WRITTEN: Final = ("provider", "rncp")  # labels that feeds write
KINDS: Final = ("place", "rncp", *_TABLES)
PLACES: Final[Mapping[Kind, str]] = {
    "town": "ville", "postal_code": "code postal", "department": "département", "region": "région",
}  # fmt: skip
KIND: Final = ", ".join(KINDS)
TEXT: Final = f"un texte de 1 à {LONGEST_PLACE} caractères"


@dataclass(frozen=True, slots=True)
class Code:
    """One value that the argument ``kind`` takes; ``offers`` where it is known."""

    code: str
    label: str
    offers: int | None = None


async def find_code(asked: Asked, arguments: Arguments) -> Answer:
    """Return the codes of a kind whose labels have the words, those with offers first; raises BadParameters."""
    pairs = read_pairs(arguments, ("kind", "text"))
    kind, text = one_text(pairs, "kind", KIND), one_text(pairs, "text", TEXT)
    if kind not in KINDS:
        refuse([fault_of("kind", KIND, "cette valeur n’est pas dans la liste")])
    if len(text) > LONGEST_PLACE:
        refuse([fault_of("text", TEXT, "ce texte est trop long")])
    snapshot = asked.services.reference.known()
    found = await asyncio.to_thread(find_codes, snapshot, kind, visible(text))  # thousands of labels are compared
    if not found:
        lines = [f"Aucun code de {kind} pour « {plain(text, LONGEST_PLACE)} »."]
        if kind in _SUGGESTED:
            lines.append("Essayez un mot plus court ou plus courant, ou q de search_offers.")
        return Answer(lines, {"kind": kind, "codes": []})
    write = quote if kind in _WRITTEN else plain
    lines = [f"{kind}={each.code} : {write(each.label, LONGEST_LABEL)}{_offers(each)}" for each in found]
    values = [{"code": each.code, "label": each.label} for each in found]
    return Answer(list(map(visible, lines)), {"kind": kind, "codes": values})


def find_codes(snapshot: Snapshot, kind: str, text: str) -> list[Code]:
    """Return the codes of a kind for a text, each once: the code itself, then what has offers, then labels."""
    finder = _PLACES.get(kind)
    rows = finder(snapshot, text) if finder else _of_tables(snapshot, kind, text)
    found: dict[str, Code] = {}
    for row in rows:
        if row.code not in found:
            found[row.code] = replace(row, label=plain(row.label, LONGEST_LABEL))
        if len(found) == MOST_ROWS:
            break
    return list(found.values())


def _places(snapshot: Snapshot, text: str) -> Iterator[Code]:
    for place in snapshot.place_suggester.suggest(text, MOST_ROWS):
        yield Code(place.label, PLACES[place.kind])


def _of_tables(snapshot: Snapshot, kind: str, text: str) -> Iterator[Code]:
    labels: Mapping[str, str] = snapshot.labels.get(kind, {})
    code = text.upper().removeprefix("RNCP").strip() if kind == "rncp" else text.upper()
    if code in labels:
        yield Code(code, curved(labels[code]))
    elif kind == "rncp" and (label := snapshot.certification(code)):
        yield Code(code, label)
    if kind in _SUGGESTED:
        for row in snapshot.suggester.suggest(text, MOST_ROWS).of(_SUGGESTED[kind]):
            if row.parameter == kind:
                # Of a job the code's label comes before the title that was found.
                first, second = (row.detail, row.label) if kind == "rome" and row.detail else (row.label, row.detail)
                yield Code(row.value, f"{first} ({second})" if second else first, row.offers)
    # The names of all providers are too many to be read one by one: the suggestions have those with offers.
    if kind not in _WRITTEN:
        yield from _with_words(snapshot, kind, labels, _words(text))


def _with_words(snapshot: Snapshot, kind: str, labels: Mapping[str, str], words: Sequence[str]) -> Iterator[Code]:
    yield from (Code(value, curved(label)) for value, label in labels.items() if _has(label, words))
    for value, titles in snapshot.reference.rome_titles.items() if kind == "rome" else ():
        title = next((each for each in titles if _has(each, words)), "")
        if title:
            yield Code(value, f"{snapshot.label('rome', value)} ({curved(title)})")


def _has(label: str, words: Sequence[str]) -> bool:
    """Tell whether each word begins one of the label's; never without a word.

    >>> _has("Aide-soignant", ["soig"]), _has("Conseil régional", ["region"]), _has("Boucher", ["ou"]), _has("a", [])
    (True, True, False, False)
    """
    told = _words(label)
    return bool(words) and all(any(each.startswith(word) for each in told) for word in words)


@lru_cache(maxsize=30_000)  # more than all tables have labels
def _words(text: str) -> Sequence[str]:
    return _WORD.findall(fold(clean(text)))


def _offers(code: Code) -> str:
    return f" ({wording.counted(code.offers, 'offre', 'offres')})" if code.offers else ""


_PLACES: Final[Mapping[str, Callable[[Snapshot, str], Iterator[Code]]]] = {"place": _places}
