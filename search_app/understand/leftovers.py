"""What remains of a text once filters are out of it: without what joined them to it, or nothing at all."""

import re
from typing import Final

from mappings.words import STOP_WORDS, fold
from search_app.understand.ordinary_words import says_nothing

# What says that one looks for something, and not what; taken off the beginning only, and only if words remain.
OPENING: Final = re.compile(
    r"^\W*(?:(?:bonjour|bonsoir|salut|slt|bjr|je|j'|jcherche|jrecherche|jveux?|jvoudrais|suis|et|ou|mais|donc|"
    r"que|quoi|qu'|quel(?:le)?s?|comment|besoin|interessee?|par|voudrait|aimerai|souhaiterai|1(?= formation)|"
    r"nous|on|cherche|recherche|chercher|rechercher|trouver|veux|voudrais|souhaite|souhaiterais|"
    r"aimerais|faire|suivre|passer|une?|des?|d'|les?|la|l'|pour|afin|en|etre|devenir|travailler|formations?|former|me|se|"
    r"stages?|cours|apprendre|metiers?|emplois?|avec|dans|comme)\b[\s:,']*)+"
)
_LETTERS: Final = re.compile(r"\w+")  # of any alphabet
ELIDED: Final = frozenset(("c", "d", "j", "l", "m", "n", "s", "t", "qu"))
# What is left of « l'OPCO » without OPCO, of « soudeur et en mars » without March
_ARTICLE_LEFT: Final = re.compile(r"\b(?:(?:[cdjlmnst]|qu)')+(?=\s|$)", re.I)
_JOINING: Final = "et|ou|mais|qui|que|en|sur|dans|ds|de|du|des|le|la|les|un|une|au|aux|à|par|pour|avec|ce|cet|cette|dès"
_LEFT_AT_THE_END: Final = re.compile(rf"(?:(?<=[^\s,;:/()-])[\s,;:/()-]+(?:{_JOINING}))+[\s,;:/()-]*$", re.I)
_LEFT_AT_THE_START: Final = re.compile(r"^(?:(?:et|ou|mais|qui)\s+)+", re.I)


def is_nothing(text: str) -> bool:
    """Tell whether a text beside filters is no more than « formation » or « je n'ai »: the filters are all there is."""
    folded = fold(text)
    opening = OPENING.match(folded)
    words = _LETTERS.findall(folded[opening.end() :] if opening else folded)
    return all(word in STOP_WORDS or word in ELIDED or says_nothing(word) for word in words)


def tidied(text: str) -> str:
    """Return what remains of a text from which stretches were taken, without what joined them to it.

    >>> tidied("et soudeur,  ou  à "), tidied("aide de l' "), tidied("soudeur ( )")
    ('soudeur', 'aide', 'soudeur')
    """
    text = _ARTICLE_LEFT.sub("", " ".join(text.split()))
    text = _LEFT_AT_THE_START.sub("", _LEFT_AT_THE_END.sub("", text))
    return " ".join(re.sub(r"\(\s*\)", " ", text).split()).strip(" ,;:-")
