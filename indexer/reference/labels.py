"""Makes readable labels from those in capitals or lower case in official files."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[^\W\d_]+")


def sentence_case(label: str) -> str:
    """Return a label with a capital first letter, the rest as it is.

    >>> sentence_case("théorie graphes")
    'Théorie graphes'
    """
    return label[:1].upper() + label[1:]


def domain_labels(domains: Mapping[str, str], terms: Iterable[str]) -> dict[str, str]:
    """Return the names of domains, given in capitals without accents, in sentence case with the spelling of the terms.

    >>> domain_labels({"222": "BTP CONCEPTION", "313": "QUALITE"}, ["chantier BTP", "conception", "qualité totale"])
    {'222': 'BTP conception', '313': 'Qualité'}
    """
    spellings: dict[str, Counter[str]] = {}
    for term in terms:
        for word in _WORD.findall(term):
            spellings.setdefault(_unaccented(word), Counter())[word] += 1

    def spell(match: re.Match[str]) -> str:
        known = spellings.get(_unaccented(match.group()))
        return known.most_common(1)[0][0] if known else match.group().lower()

    return {code: sentence_case(_WORD.sub(spell, name)) for code, name in domains.items()}


def _unaccented(word: str) -> str:
    spelt_out = word.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", spelt_out) if not unicodedata.combining(c))
