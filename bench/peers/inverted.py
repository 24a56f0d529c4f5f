"""tantivy over the same titles and texts: how fast an inverted index alone gives the first twenty hits and the total.

Nothing else is done: no counts, no page texts, no HTTP. It is the physical reference of searches by words.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from bench.peers.compare import Spread, spread_of
from bench.peers.packages import load_package
from bench.peers.postgres.cluster import Cluster
from bench.peers.postgres.parameters import ENOUGH, MOST_WORDS

TOP: Final = 20
MEMORY: Final = 256 << 20  # bytes of the writer
IN_TITLE: Final = 3.0  # what a word of the title weighs
FETCHED: Final = 5_000
TEXTS: Final = "SELECT key, title, concat_ws(' ', title, subjects, provider, body) FROM told"


class WordsIndex:
    """An index of titles and of all texts."""

    def __init__(self, folder: Path) -> None:
        self._tantivy = load_package("tantivy")
        of = self._tantivy.Filter
        builder = self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.simple())
        for each in (of.remove_long(40), of.lowercase(), of.stopword("french"), of.stemmer("french"), of.ascii_fold()):
            builder = builder.filter(each)
        self._analyzer = builder.build()
        fields = self._tantivy.SchemaBuilder()
        fields.add_text_field("key", stored=True, tokenizer_name="raw")
        fields.add_text_field("title", tokenizer_name="french_words")
        fields.add_text_field("words", tokenizer_name="french_words")
        self._schema = fields.build()
        self._index = self._tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer("french_words", self._analyzer)

    def fill(self, rows: Iterator[tuple[str, str, str]]) -> int:
        """Index the texts of offers as one segment; returns their number."""
        writer = self._index.writer(MEMORY, 1)
        number = 0
        for key, title, words in rows:
            number += 1
            writer.add_document(self._tantivy.Document(key=key, title=title, words=words))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        return number

    @property
    def size(self) -> int:
        """Return the number of offers."""
        return int(self._index.searcher().num_docs)

    def search(self, text: str) -> tuple[int, list[str]]:
        """Return the total and the keys of the first hits, by enough of the words."""
        searcher = self._index.searcher()
        found = searcher.search(self._query(self._analyzer.analyze(text)), TOP)
        return int(found.count), [searcher.doc(address).get_first("key") for _, address in found.hits]

    def _query(self, words: Sequence[str]) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        if not words:
            return query.empty_query()

        def term(name: str, word: str) -> Any:
            return query.term_query(self._schema, name, word)

        enough = len(words) if len(words) <= 2 or len(words) > MOST_WORDS else int(len(words) * ENOUGH)
        groups = [
            query.boolean_query([(occur.Must, term("words", word)) for word in some])
            for some in combinations(words, enough)
        ]
        required = query.boolean_query([(occur.Should, group) for group in groups])
        in_title = [(occur.Should, query.boost_query(term("title", word), IN_TITLE)) for word in words]
        return query.boolean_query([(occur.Must, required), *in_title])


def build_index(folder: Path, cluster: Cluster) -> WordsIndex:
    """Index the texts that the database was filled with; prints how long it took."""
    began = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    index = WordsIndex(folder)
    with cluster.connect() as connection, connection.transaction(), connection.cursor("texts") as rows:
        rows.itersize = FETCHED
        rows.execute(TEXTS)
        number = index.fill(iter(rows))
    print(f"{time.monotonic() - began:6.1f} s  tantivy, {number} offers", flush=True)
    return index


def measure_words(index: WordsIndex, queries: Sequence[str]) -> tuple[Spread, list[int]]:
    """Return the spread of milliseconds and the totals; each query is asked once."""
    taken, totals = [], []
    for query in queries:
        began = time.perf_counter()
        total, _ = index.search(query)
        taken.append((time.perf_counter() - began) * 1000)
        totals.append(total)
    return spread_of(taken), totals
