"""``python -m bench.words.accents URL``: how many words of titles find as many offers without their accents.

Asked are the words with an accent in the titles of the catalogue that the app at URL serves, read from the engine as
the app reads them. Prints the share, and the words that differ.
"""

import argparse
import json
import re
import sys
from typing import Final
from urllib.parse import urlencode

from bench.http_client import Connection, get, target
from bench.words.loaded import read_snapshot
from language.words import fold

_WORD: Final = re.compile(r"[^\W\d_]{4,}")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    options = parser.parse_args()
    titles = [title for title, _ in read_snapshot().understander.lexicon.titles]
    words = sorted({word.lower() for title in titles for word in _WORD.findall(title)})
    accented = [word for word in words if fold(word) != word and len(fold(word)) == len(word)]
    differing = []
    connection = Connection(target(options.url, []))
    for word in accented:
        one, other = _total(connection, word), _total(connection, fold(word))
        if one != other:
            differing.append(f"{word} {one}, {fold(word)} {other}")
    print(*differing, sep="\n")
    print(f"{len(accented)} words, the same total for {1 - len(differing) / len(accented):.4f}")
    return 0


def _total(connection: Connection, word: str) -> int:
    answer = connection.ask(get("/api/v1/offers?" + urlencode({"q": word, "size": 1})))
    return int(json.loads(answer)["total"])


if __name__ == "__main__":
    sys.exit(main())
