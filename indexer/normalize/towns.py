"""Names of towns in comparable forms."""

import re
from functools import lru_cache
from typing import Final

from indexer.normalize.texts import bare_words

CEDEX: Final = re.compile(r"\b(?:cedex|cdx|cedx)\b.*$")
NUMBER: Final = re.compile(r"[0-9]+(?:e|er|ere|eme|ieme|o|nd|de)?")
WRITTEN_OUT: Final = {
    **{"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "ss": "sous", "sr": "sur"},
    **{"mt": "mont", "nd": "notre dame", "vx": "vieux", "bg": "bourg", "gd": "grand", "gde": "grande"},
}
NO_NAME: Final = frozenset({"arrondissement", "arrdt", "arr", "ardt", "ets"})
# Words that are written, abbreviated or omitted: « Le Perreux s/ Marne ». If the remaining words do not distinguish a
# town within its postal code or département, the name is not used.
LINKS: Final = frozenset(
    ("le", "la", "les", "l", "de", "du", "des", "d", "en", "sur", "sous", "s", "et", "a", "au", "aux", "lez")
)
ALTERNATIVES: Final = re.compile(r"(?<!\s)\s*+[(),;]\s*+|(?<!\s)\s++[-–—/]\s++|(?<=\w\w)/(?=\w\w)")
CITIES: Final = {"paris": ("75100", 20), "lyon": ("69380", 9), "marseille": ("13200", 16)}
ARRONDISSEMENT: Final = re.compile(r"(paris|lyon|marseille)(?: cedex)? (?:0?)([0-9]{1,2})(?:e|er|eme|ieme)?\b")


@lru_cache(maxsize=20_000)
def fold_town(name: str) -> str:
    """Return a town's name for comparison: no CEDEX, no arrondissement, saint for st.

    >>> fold_town("ST DENIS CEDEX 2"), fold_town("Paris 19e Arrondissement"), fold_town("LYON 3EME")
    ('saint denis', 'paris', 'lyon')
    >>> fold_town("N.D. de Gravenchon"), fold_town("Clichy ss Bois")
    ('notre dame de gravenchon', 'clichy sous bois')
    """
    folded = f" {CEDEX.sub('', bare_words(name)).strip()} ".replace(" n d ", " nd ")
    words = [WRITTEN_OUT.get(word, word) for word in folded.split()]
    kept = [word for word in words if word not in NO_NAME and not NUMBER.fullmatch(word)]
    return " ".join(kept or words)


@lru_cache(maxsize=20_000)
def loose_town(name: str) -> str:
    """Return a town's name without linking words.

    >>> loose_town("LE PERREUX S/MARNE"), loose_town("Perreux-sur-Marne"), loose_town("L'Haÿ les Roses")
    ('perreux marne', 'perreux marne', 'hay roses')
    """
    words = fold_town(name).split()
    return " ".join([word for word in words if word not in LINKS] or words)


def alternatives(name: str) -> list[str]:
    """Return the alternative names in a text, empty if there is only one.

    >>> alternatives("LA DEFENSE / PUTEAUX"), alternatives("Cherbourg (Octeville)"), alternatives("Perreux s/Marne")
    (['LA DEFENSE', 'PUTEAUX'], ['Cherbourg', 'Octeville'], [])
    """
    parts = [part for part in ALTERNATIVES.split(name) if fold_town(part)]
    return parts if len(parts) > 1 else []


def arrondissement_of(name: str) -> str | None:
    """Return the INSEE code of the arrondissement in a name of Paris, Lyon or Marseille.

    >>> arrondissement_of("PARIS 12"), arrondissement_of("LYON CEDEX 03"), arrondissement_of("Marseille 8ème")
    ('75112', '69383', '13208')
    >>> arrondissement_of("PARIS 21"), arrondissement_of("PARIS LA DEFENSE"), arrondissement_of("VILLEPARISIS 12")
    (None, None, None)
    """
    found = ARRONDISSEMENT.match(bare_words(name))
    if not found:
        return None
    base, last = CITIES[found[1]]
    number = int(found[2])
    return str(int(base) + number) if 1 <= number <= last else None
