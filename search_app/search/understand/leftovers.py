"""Remaining text after filters are removed: without conjunctions and openings, or empty."""

import re
from typing import Final

from language.words import STOP_WORDS, fold, words_of
from search_app.search.understand.ordinary_words import says_nothing

# Openings that say that one is searching, not for what; removed at the beginning only, and only if words remain.
_WISHES: Final = (
    "bonjour bonsoir salut slt bjr je jcherche jrecherche jveu jveux jvoudrais nous on suis cherche recherche chercher "
    "rechercher trouver veux veut veu veus voudrais voudrait voudrai souhaite souhaiterai souhaiterais aimerais "
    "aimerai peux besoin interesse interessee faire suivre passer etre devenir travailler apprendre former me se"
)
_QUESTIONS: Final = (
    "que quoi quel quelle quels quelles comment combien coute coutent est-ce avez-vous existe-t-il "
    "ya koi ki kel kelle kels kelles"
)
_LITTLE: Final = (
    "un une de du des le les la et ou mais donc pour par afin en avec dans comme mon ma fils fille mari "
    "formation formations stage stages cours metier metiers emploi emplois"
)
# « prix de revient » is a subject
_ABOUT: Final = (
    r"(?:prix|tarifs?|inscriptions?|horaires?|renseignements?|infos?|liste)"
    r"(?= (?:(?:sur )?(?:de la|d'une|des?|les?|la|une) )?(?:formations?|stages?|cours)\b)"
)
_PHRASES: Final = (_ABOUT, "y a-t-il", "y a t il", "il y a", "y a", r"1(?= formation)", "j'", "d'", "l'", "qu'")
_OPENS: Final = "|".join((*_PHRASES, *_WISHES.split(), *_QUESTIONS.split(), *_LITTLE.split()))
_OPENING: Final = re.compile(rf"^\W*(?:(?:{_OPENS})(?:(?<=')|\b(?!-))[\s:,']*)+")
# Introduces the wish after information about the user: « j'ai 45 ans et je voudrais devenir infirmière »
_WISH: Final = re.compile(
    r"\b(?:(?:et|mais|donc|car|alors) )?(?:je |j'|nous |on )"
    r"(?:(?:re)?cherch(?:e|ons)|veu[xts]?|voudrai[st]?|souhaite(?:rais)?|aimerais)\b"
)
_LETTERS: Final = re.compile(r"\w+")  # of any alphabet
ELIDED: Final = frozenset(("c", "d", "j", "l", "m", "n", "s", "t", "qu", "quelqu"))
# Remains of « l'OPCO » without OPCO, of « soudeur et en mars » without March
_ARTICLE_LEFT: Final = re.compile(r"\b(?:(?:[cdjlmnst]|qu)')+(?=\s|$)", re.I)
_JOINING: Final = (
    "et|ou|mais|qui|que|en|sur|dans|ds|de|du|des|le|la|les|un|une|au|aux|à|par|pour|avec|ce|cet|cette|dès|quelqu'une?"
)
_LEFT_AT_THE_END: Final = re.compile(rf"(?:(?<=[^\s,;:/()-])[\s,;:/()-]+(?:{_JOINING}))+[\s,;:/()-]*$", re.I)
_LEFT_AT_THE_START: Final = re.compile(r"^(?:(?:et|ou|mais|qui)\s+)+", re.I)


def is_nothing(text: str) -> bool:
    """Tell whether a text beside filters contains no subject (« formation », « je n'ai »): only the filters are
    searched.
    """
    folded = fold(text)
    opening = _OPENING.match(folded)
    words = _LETTERS.findall(folded[opening.end() :] if opening else folded)
    return all(word in STOP_WORDS or word in ELIDED or says_nothing(word) for word in words)


def tidied(text: str) -> str:
    """Return the remains of a text from which stretches were removed, without the words that joined them.

    >>> tidied("et soudeur,  ou  à "), tidied("aide de l' "), tidied("soudeur ( )")
    ('soudeur', 'aide', 'soudeur')
    """
    text = _ARTICLE_LEFT.sub("", " ".join(text.split()))
    text = _LEFT_AT_THE_START.sub("", _LEFT_AT_THE_END.sub("", text))
    return " ".join(re.sub(r"\(\s*\)", " ", text).split()).strip(" ,;:-")


def without_opening(text: str) -> str:
    """Return the text without its opening; the whole text if nothing else would remain.

    >>> without_opening("J'ai 45 ans et je voudrais devenir infirmière")
    'infirmière'
    >>> without_opening("Cuisine, je cherche un stage")
    'Cuisine'
    """
    folded = fold(text)
    if len(folded) != len(text):  # with ligatures, lengths differ: too rare to align letters
        return text
    said = _what_is_wished(text, folded)
    opening = _OPENING.match(fold(said))
    rest = said[opening.end() :].strip() if opening else said
    return rest if words_of(rest) else text


def wished(text: str) -> str:
    """Return what follows « je voudrais » after information about the user; the whole text without it.

    >>> wished("J'ai travaillé en usine et je voudrais devenir plombier"), wished("plombier")
    ('devenir plombier', 'plombier')
    """
    folded = fold(text)
    return _what_is_wished(text, folded) if len(folded) == len(text) else text


def _what_is_wished(text: str, folded: str) -> str:
    """Return what follows the first « je voudrais » with an object, or what precedes it if none has one."""
    wishes = list(_WISH.finditer(folded))
    if not wishes:
        return text
    ends = [wish.start() for wish in wishes[1:]] + [len(text)]
    parts = [tidied(text[wish.end() : end]) for wish, end in zip(wishes, ends, strict=True)]
    return next((part for part in parts if not is_nothing(part)), tidied(text[: wishes[0].start()]))
