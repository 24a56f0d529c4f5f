"""Words of commune names that capitals hide, with the command that makes their table from the gazetteer:

``python -m search_app.text.town_words FILE >mappings/tables/town_words.json``

The file is the one of ``indexer reference --communes`` (columns ``nom`` and ``population``); INSEE's names are under
the Licence Ouverte.
"""

import csv
import gzip
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

SHORT: Final = 4  # letters: so few look like an abbreviation
KNOWN_TOWN: Final = 5_000  # inhabitants of a town whose short name is no abbreviation
_WORD: Final = re.compile(r"[^\W\d_]+")
_NEAR: Final = re.compile(r"-l[eè]s-([^\W\d_]+)|\bl[eè]s ([^\W\d_]+)", re.IGNORECASE)


def bare(word: str) -> str:
    """Return a word in capitals without accents.

    >>> bare("Œuilly"), bare("l’Haÿ")
    ('OEUILLY', 'L’HAY')
    """
    plain = unicodedata.normalize("NFD", word.upper().replace("Œ", "OE").replace("Æ", "AE"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def build_town_words(communes: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the words that have accents or are short, and those that « lès » (near) precedes rather than « les ».

    Of several spellings the one of most inhabitants wins.

    >>> build_town_words([{"nom": "Joué-lès-Tours", "population": "38444"}, {"nom": "Eu", "population": "6500"}])
    {'words': ['Eu', 'Joué'], 'near': ['TOURS']}
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    near: dict[str, Counter[str]] = defaultdict(Counter)
    known = set()
    for row in communes:
        name, population = row["nom"], int(float(row["population"] or 0))
        for word in _WORD.findall(name):
            if word[0].isupper():
                spellings[bare(word)][word] += 1 + population
                known |= {word} if population >= KNOWN_TOWN else set()
        for match in _NEAR.finditer(name):
            near[bare(match[1] or match[2])]["è" if "è" in match[0][:4].lower() else "e"] += 1 + population
    best = {folded: counts.most_common(1)[0][0] for folded, counts in spellings.items()}
    told = [
        word
        for folded, word in best.items()
        if len(folded) > 1 and (word.upper() != folded or (len(folded) <= SHORT and word in known))
    ]
    return {"words": sorted(told), "near": sorted(word for word, seen in near.items() if seen["è"] > seen["e"])}


if __name__ == "__main__":
    path = Path(sys.argv[1])
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as opened:
        json.dump(build_town_words(csv.DictReader(opened)), sys.stdout, ensure_ascii=False, indent=0)
    sys.stdout.write("\n")
