"""Search of documents: fresh requests to a running app, over invented documents that this writes first.

``python -m bench.app.documents APP_URL --engine ENGINE_URL --prefix PREFIX [--documents 100000] [--each 60]``.
The app runs over the prefix, which must be one of its own: its index of documents is written anew (``--keep`` keeps
it). No request is asked twice, so that no cache of answers helps. Whole requests over HTTP.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from bench.http_client import Connection, get, target
from bench.tables import table
from mappings.codes import FUNDER_LABELS, department_labels, region_by_department
from mappings.documents.document import DOCUMENT_KINDS, Document
from tests.documents.indexed import create_documents, numbered_document, write_documents

OF_DOCUMENTS: Final = 20  # the seed of words and documents: other words would be found nowhere
WARM: Final = 15  # requests of each kind that are not counted
WORDS_OF_TEXT: Final = 250
STOP_WORDS: Final = 100  # more frequent words, which no index has
STARTS: Final = ("b", "ch", "d", "f", "gr", "l", "m", "p", "qu", "r", "s", "t", "v")
ENDS: Final = ("a", "e", "i", "o", "ou", "an", "eur", "age")
SYLLABLES: Final = [start + end for start in STARTS for end in ENDS]
_KNOWN: Final = (
    "formation compte personnel aide contrat apprentissage soudeur maçon infirmier comptable vente région salarié "
    "demandeur emploi certification diplôme décret arrêté convention rémunération handicap validation acquis bilan "
    "compétences entreprise stage cuisine électricité informatique langue anglais sécurité conduite transport "
    "agriculture petite enfance coiffure"
)
KNOWN: Final = _KNOWN.split()
ROMES: Final = [f"{letter}{number}" for letter in "ABCDEFGHIJKLMN" for number in range(1101, 1141)]
Draw = Callable[[random.Random], dict[str, Any]]


class Vocabulary:
    """Words of a French kind: some known ones, and many invented ones, each rarer than the one before."""

    def __init__(self, rnd: random.Random, count: int = 20_000) -> None:
        self.words = sorted({"".join(rnd.choices(SYLLABLES, k=rnd.randint(2, 4))) for _ in range(count)})
        rnd.shuffle(self.words)
        for number, word in enumerate(KNOWN):  # the first are in a third of the texts, the last in one of thirty
            self.words.insert(number * number, word)
        total, self.weights = 0.0, list[float]()
        for rank in range(len(self.words)):
            total += 1 / (rank + STOP_WORDS)
            self.weights.append(total)

    def text(self, rnd: random.Random, words: int) -> str:
        """Return a text of so many words."""
        return " ".join(rnd.choices(self.words, cum_weights=self.weights, k=words))


def invent(count: int, seed: int, vocabulary: Vocabulary) -> Iterator[Document]:
    """Yield documents: one in twenty a tombstone, half of them of a territory, most with some codes."""
    rnd, departments = random.Random(seed), [code for code in department_labels() if code in region_by_department()]
    for number in range(count):
        has_territory, department = rnd.random() < 0.5, rnd.choice(departments)
        formacode = rnd.sample(range(11_000, 46_000), rnd.randint(0, 3))
        changes = {
            "title": vocabulary.text(rnd, rnd.randint(4, 12)),
            "description": vocabulary.text(rnd, rnd.randint(15, 60)),
            "text": vocabulary.text(rnd, WORDS_OF_TEXT),
            "kind": rnd.choice(DOCUMENT_KINDS),
            "publisher": f"Éditeur {min(int(rnd.expovariate(0.05)), 400)}",
            "deleted": rnd.random() < 0.05,
            "region": [region_by_department()[department]] if has_territory else [],
            "department": [department] if has_territory and rnd.random() < 0.5 else [],
            "formacode": [str(code) for code in formacode],
            "domain": sorted({str(code)[:3] for code in formacode}),
            "rome": rnd.sample(ROMES, rnd.randint(0, 3)),
            "rncp": [str(rnd.randint(100, 40_000))] if rnd.random() < 0.3 else [],
            "funder": rnd.sample(sorted(FUNDER_LABELS), rnd.randint(0, 2)),
            "published": date(2015, 1, 1) + timedelta(days=rnd.randint(0, 4_300)),
            "valid_until": date(2024, 1, 1) + timedelta(days=rnd.randint(0, 2_000)) if rnd.random() < 0.2 else None,
        }
        yield numbered_document(number, **changes)


def draws(vocabulary: Vocabulary) -> dict[str, Draw]:
    """Return the kinds of requests."""
    territory = sorted({*region_by_department().values()})

    def words(least: int, most: int) -> Draw:
        return lambda rnd: {"q": vocabulary.text(rnd, rnd.randint(least, most))}

    return {
        "one word": words(1, 1),
        "two to five words": words(2, 5),
        "known words alone": lambda rnd: {"q": " ".join(rnd.sample(KNOWN, 3))},
        "words, kind and région": lambda rnd: (
            words(1, 3)(rnd) | {"kind": rnd.sample(DOCUMENT_KINDS, 2), "region": rnd.choice(territory)}
        ),
        "words and place": lambda rnd: words(1, 2)(rnd) | {"place": rnd.choice(sorted(department_labels()))},
        "codes": lambda rnd: {"rome": rnd.sample(ROMES, 2), "funder": rnd.choice(sorted(FUNDER_LABELS))},
        "a misspelt word": lambda rnd: {"q": misspelt(rnd.choice(KNOWN), rnd)},
        "a word that is nowhere": lambda rnd: {"q": "".join(rnd.choices("qwxzkj", k=9))},
        "no words, a page": lambda rnd: {"page": rnd.randint(1, 40), "publisher": f"Éditeur {rnd.randint(0, 40)}"},
        "all documents": lambda rnd: {"page": rnd.randint(1, 300)},
    }


def misspelt(word: str, rnd: random.Random) -> str:
    """Return a word with a letter doubled or left out."""
    at = rnd.randint(1, len(word) - 1)
    return word[:at] + rnd.choice(("", word[at] * 2)) + word[at + 1 :] + rnd.choice(("", " formation"))


def main() -> None:
    """Write, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.app.documents", description=__doc__)
    parser.add_argument("url", help="address of the app")
    parser.add_argument("--engine", default="http://127.0.0.1:9200")
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20, help="of the requests; the documents are always the same")
    parser.add_argument("--keep", action="store_true", help="measure over the documents that are there")
    options = parser.parse_args()
    vocabulary = Vocabulary(random.Random(OF_DOCUMENTS))
    if not options.keep:
        create_documents(options.engine, options.prefix)
        write_documents(options.engine, options.prefix, invent(options.documents, OF_DOCUMENTS, vocabulary))
    print(table(["request", "p50 ms", "p95 ms", "found, median"], list(measure(options, draws(vocabulary)))))


def measure(options: argparse.Namespace, kinds: dict[str, Draw]) -> Iterator[list[object]]:
    """Yield a row for each kind of request, and one for all of them."""
    connection, rnd = Connection(target(options.url, ())), random.Random(options.seed + 1)
    asked, every = set[str](), list[float]()
    for kind, draw in kinds.items():
        times, totals = list[float](), list[int]()
        while len(times) < WARM + options.each:
            query = urlencode(draw(rnd), doseq=True)
            if query in asked:
                query += f"&size={rnd.randint(10, 30)}"
            asked.add(query)
            began = time.perf_counter()
            body = connection.ask(get(f"/api/v1/documents?{query}"))
            times.append((time.perf_counter() - began) * 1000)
            totals.append(orjson.loads(body)["total"])
        every += times[WARM:]
        yield [kind, *_spread(times[WARM:]), f"{statistics.median(totals):,.0f}"]
    yield ["all of them", *_spread(every), ""]


def _spread(times: list[float]) -> list[str]:
    ordered = sorted(times)
    return [f"{statistics.median(ordered):.1f}", f"{ordered[int(len(ordered) * 0.95)]:.1f}"]


if __name__ == "__main__":
    main()
