"""Under which contracts and programmes an offer is run, as cycles, funder lines and the national pool's extras tell it.

The pool writes ``<extras info="dispositif">`` in an action, with an ``extra`` for each contract or programme: a flag,
or the name itself. No rule of the loader reads them: they are among the other elements, of the offer or of its
sessions, under their path.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from language.words import fold
from mappings.codes import lheo_table

NONE: Final = ["none"]
DISPOSITIF: Final = re.compile(r"(?:.*/)?dispositif(?:/(.+))?")
CONTRACTS: Final = {
    "apprenticeship": re.compile(r"\bapprenti"),
    "contrat_pro": re.compile(r"\bcontrats?[ -](?:de[ -])?prof"),
}
_COLLECTIVE: Final = re.compile(r"\bpoe?[ -]?c\b|\bpreparations? operationnelles? a l'emploi collectives?\b")
_INDIVIDUAL: Final = re.compile(r"\bpoe?[ -]?i\b|\bafpr\b|\bpreparations? operationnelles? a l'emploi individuelles?\b")
_EITHER: Final = re.compile(r"\bpoe\b|\bpreparations? operationnelles? a l'emploi\b")  # POE: which of the two?
PROGRAMMES: Final = (
    ("poec", _COLLECTIVE),
    ("poei", _INDIVIDUAL),
    ("afc", re.compile(r"\bafc\b|\bactions? de formation conventionnees?\b")),
    ("prf", re.compile(r"\bprf|\bprogrammes? regiona(?:l|ux)\b")),
)
OTHER: Final = "other"
_YES: Final = ("1", "true", "oui")
_FLAGS: Final = (*_YES, "0", "false", "non")
# Codes of LHEO's tables of cycles; their labels are stored.
_APPRENTICES: Final = "1"
_ANY_CONTRACT: Final = "0"


def contract_types(offer: Mapping[str, Any]) -> list[str]:
    """Return the contracts of a stored offer, NONE if the feed denies both, no contract if it does not tell.

    >>> flags = {"dispositif/contrat-apprentissage": ["0"], "dispositif/contrat-professionnalisation": ["1"]}
    >>> contract_types({"detail": {"others": flags}}), contract_types({})
    (['contrat_pro'], [])
    """
    found: set[str] = {*_of_cycles(offer)}
    denied: set[str] = set()
    for name, value in _dispositifs(offer):
        for contract, words in CONTRACTS.items():
            if value in _FLAGS and words.search(name):
                (found if value in _YES else denied).add(contract)
            elif value not in _FLAGS and words.search(value):
                found.add(contract)
    return sorted(found) if found else NONE if denied == CONTRACTS.keys() else []


def _of_cycles(offer: Mapping[str, Any]) -> Iterator[str]:
    contracts = lheo_table("dict-type-alternance")
    for session in offer.get("sessions", ()):
        for cycle in session.get("cycles", ()):
            contract = cycle.get("contract")
            if contract == contracts[_ANY_CONTRACT]:
                yield from CONTRACTS
            elif contract is not None:
                # the table's own label has « professionalisation »
                yield from (name for name, words in CONTRACTS.items() if words.search(fold(contract)))
            if cycle.get("kind") == lheo_table("dict-type-cycle")[_APPRENTICES]:
                yield "apprenticeship"


def _dispositifs(offer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the folded name and text of each extra about the contracts and programmes of an action."""
    for holder in (offer.get("detail", {}), *offer.get("sessions", ())):
        for path, texts in holder.get("others", {}).items():
            if "dispositif" in path and (found := DISPOSITIF.fullmatch(path)):
                name = fold(found[1] or "").replace("-", " ")
                yield from ((name, fold(text)) for text in texts)


def funding_programmes(offer: Mapping[str, Any]) -> list[str]:
    """Return the programmes of a stored offer; none if no line tells one, or one that may be either POE.

    >>> told = [{"funder": "2", "programme": "PRF 2026"}, {"funder": "16", "programme": "POEC"}, {"funder": "19"}]
    >>> funding_programmes({"funding": told}), funding_programmes({"funding": [{"funder": "19", "programme": "ASL"}]})
    (['poec', 'prf'], ['other'])
    """
    told = [fold(text) for line in offer.get("funding", ()) if (text := _programme(line))]
    for name, value in _dispositifs(offer):
        text = (name if value in _YES else "") if value in _FLAGS else value
        if text and not any(words.search(text) for words in CONTRACTS.values()):
            told.append(text)
    named = [_named(text) for text in told]
    return sorted({name for names in named for name in names}) if all(named) else []


def _programme(line: Mapping[str, Any]) -> str:
    return (line.get("programme") or "").strip(" .-")


def _named(text: str) -> list[str]:
    """Return the programmes that a folded text names.

    >>> _named("poe collective"), _named("poe"), _named("pacte regional d'investissement")
    (['poec'], [], ['other'])
    """
    if _EITHER.search(text) and not (_COLLECTIVE.search(text) or _INDIVIDUAL.search(text)):
        if "collective" in text or "individuelle" in text:
            return [name for name, word in (("poec", "collective"), ("poei", "individuelle")) if word in text]
        return []
    return [name for name, words in PROGRAMMES if words.search(text)] or [OTHER]
