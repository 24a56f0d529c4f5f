"""Words that are filters: « à distance », « en mars », « niveau bac », « sans diplôme », « gratuit », a code.

Each rule finds stretches of the folded text that are filters. Places, dates, distances, conditions and words without a
filter have modules of their own. If one title contains all words of the query, none of them is taken as a filter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from search_app.search.understand.filters.aside_words import JOB_SEEKER
from search_app.search.understand.filters.condition_words import find_conditions
from search_app.search.understand.filters.date_words import find_dates
from search_app.search.understand.filters.distance_words import find_distances
from search_app.search.understand.found import Found

Rule = Callable[[str, date], Iterator[Found]]
_WHOLLY: Final = r"(?:(?:uniquement|seulement|exclusivement|entierement|totalement|tout|100 ?%|que du) )?"
_ONLY: Final = r"(?: (?:uniquement|seulement|exclusivement|a 100 ?%))?"
_FROM_HOME: Final = (
    r"(?:a distance|(?:en )?distanciel|en ligne|par correspondance|en visio(?:conference)?|(?:en )?e-?learning|foad)\b"
)
_REMOTE: Final = re.compile(rf"(?<!\w){_WHOLLY}{_FROM_HOME}{_ONLY}")
_ONSITE: Final = re.compile(rf"(?<!\w){_WHOLLY}(?:en )?presentiel\b{_ONLY}")
_BLENDED: Final = re.compile(r"\ben (?:mode |format )?(?:hybride|mixte)\b|\bblended(?: learning)?\b")
# « ni en ligne ni à distance » and « pas de cours à distance » exclude remote offers as « sauf à distance » does.
_NOT_REMOTE: Final = re.compile(
    r"(?:\b(?:et |mais )?(?:sauf|pas|sans|hors|non|ni|excepte|aucune?)(?: |-)(?:tout |100 ?% )?"
    rf"(?:de |d'|du |le |la |les |l')?(?:(?:formations?|cours|offres?|celles?|modules?) )?{_FROM_HOME}\s*)+(?<=\w)"
)
_WHOLE: Final = r"(?:(?:entierement|totalement|integralement) )"
_FREE: Final = re.compile(
    rf"\b{_WHOLE}?gratuite?s?\b|\bgratuitement\b|\b0 ?(?:€|euros?\b)"
    rf"|\b{_WHOLE}(?:financee?s?|prise?s? en charge)\b"
    r"|\b(?:financee?s?|prise?s? en charge) a 100 ?%|\b100 ?% financee?s?\b"
    rf"|\b(?:financee?s?|prise?s? en charge) (?=pour )(?:{JOB_SEEKER})"
)
# Target groups for which « gratuit » holds anyway: beside it they add nothing.
_FOR_JOB_SEEKERS: Final = re.compile(rf"\b{JOB_SEEKER}")
# « avec place de parking » is not a condition
_SEATS: Final = re.compile(
    r"\b(?:avec |ayant |il y a |il reste )?(?:encore )?(?:(?:des |de la |une |les )?places? "
    r"(?:encore )?(?:disponibles?|restantes?|libres?|vacantes?)|(?<=avec )(?:encore )?(?:des |de la |une |de )?places?"
    r"(?! (?:de|du|des) )|(?<=il reste )(?:encore )?(?:des |de la |une )?places?)\b"
)
_I_HAVE: Final = r"(?:(?:et |car )?(?:je |j')?n?[' ]?(?:ai|ayant) )"
_NO_DIPLOMA: Final = re.compile(
    rf"\b{_I_HAVE}?(?:sans|pas) (?:avoir |besoin )?(?:(?:de|le|mon|aucune?) |d')?"
    r"(?:diplomes?|bac|brevet|qualifications?)\b(?! ?\+)"
    rf"|\b{_I_HAVE}?aucune? (?:diplome|qualification)\b"
)
_PROFESSIONAL: Final = r"(?:[ -]pro(?:fessionnel(?:le)?)?)?"  # « bac pro » and « licence pro » have the same level
# A diploma that the user has, if nothing follows it: in « j'ai un CAP cuisine et je veux … » the trade is another one.
_HAS_DIPLOMA: Final = re.compile(
    rf"\b(?:{_I_HAVE}|(?:je suis )?titulaire d')(?:deja )?(?:(?:obtenu|eu|passe) )?(?:(?:une?|le|la|mon) )?"
    rf"(?P<name>cap|bep|bac|bts|dut|licence|bachelor|master){_PROFESSIONAL}(?=\s*(?:$|[,.;]|et\b|mais\b|je\b|j'))"
)
_LEVELS: Final = {
    "cap": "13", "bep": "13", "bac": "14", "bts": "15", "dut": "15", "licence": "16", "bachelor": "16", "but": "16",
    "master": "17", "mastere": "17", "ingenieur": "17", "doctorat": "18", "v": "13", "iv": "14", "iii": "15",
    "ii": "16", "i": "17", **{str(number): f"1{number}" for number in range(3, 9)},
}  # fmt: skip
_LEVEL: Final = re.compile(
    r"\bniveau (?P<name>cap|bep|bac|bts|dut|licence|bachelor|master|ingenieur|doctorat|iv|iii|ii|i|v|[3-8])\b"
    rf"(?!\s*\+){_PROFESSIONAL}\b"
)
_YEARS: Final = re.compile(r"\b(?:de )?(?:niveau )?bac ?\+ ?(?P<years>[2-58])\b")
_LEVEL_BY_YEARS: Final = {"2": "15", "3": "16", "4": "16", "5": "17", "8": "18"}
_DIPLOMA_ALONE: Final = re.compile(
    r"\s*(?:(?:une? |la |le )|(?:passer|faire|preparer|avoir|obtenir) (?:une?|la|le|son|ma|mon) )?"
    rf"(?P<words>(?P<name>cap|bep|bac|licence|bachelor|master|mastere|doctorat){_PROFESSIONAL})\s*"
)
# Taken as a level even if titles contain it: there are CAPs in every trade.
_ALWAYS_LEVELS: Final = ("cap", "bep", "bac")
# Funders by their usual names; "région" before the name of a region is not a funder.
_FUNDERS: Final = {
    "region": "2", "conseil regional": "2", "fse": "3", "france travail": "4", "pole emploi": "4", "agefiph": "7",
    "departement": "8", "conseil departemental": "8", "opco": "16", "transitions pro": "17", "ladom": "18",
    "ofii": "20",
}  # fmt: skip
_FUNDER: Final = re.compile(
    r"\b(?:(?:financee?s?|payee?s?|prise?s? en charge|finance|financements?) (?:(?:par|de|du) |d')?"
    r"(?:la |le |l'|les |mon |un |une )?"
    r"(?P<payer>conseil regional|region|fse|france travail|pole emploi|agefiph|conseil departemental|departement|opco|"
    r"transitions pro|ladom|ofii)|(?P<alone>france travail|pole emploi|agefiph|opco)|"
    r"(?:projet de |cpf de )?(?P<transition>transitions? pro(?:fessionnelles?)?))\b"
)
_COMMISSIONED: Final = re.compile(
    r"\bconventionnee?s? (?:(?:par|avec) )?(?:la |le |l')?"
    r"(?P<payer>conseil regional|region|france travail|pole emploi|agefiph|conseil departemental|departement)\b"
)
# being registered there says that one is a job seeker, not who pays
_ENROLLED: Final = re.compile(r"\binscrite?s? (?:a|chez) $")
# With the name of the register before the code, if it is typed: « code ROME A1203 », « RNCP n° 38565 »
_RNCP: Final = re.compile(r"\brncp[ :-]*(?:n[°o]? ?)?(\d{2,6})\b")
_ROME: Final = re.compile(r"\b(?:(?:code |fiche |metier )?rome[ :-]+)?([a-n]\d{4})\b")
_FORMACODE: Final = re.compile(r"\bformacodes?[ :-]{1,3}(?:n[°o]? ?)?(\d{5})\b")
_SIRET: Final = re.compile(r"\b(?:sire[nt][ :]+(?:n[°o]? ?)?)?(\d{3} ?\d{3} ?\d{3})(?: ?\d{5})?\b")


def find_filters(folded: str, today: date) -> list[Found]:
    """Return all filters of a folded text, in the order of the rules, without overlaps."""
    found: list[Found] = []
    for rule in RULES:
        for each in rule(folded, today):
            if all(each.end <= other.start or each.start >= other.end for other in found):
                found.append(each)
    return found


def _codes(folded: str, today: date) -> Iterator[Found]:
    for match in _RNCP.finditer(folded):
        yield Found("code", *match.span(), (("rncp", (match[1],)),))
    for match in _FORMACODE.finditer(folded):
        yield Found("code", *match.span(), (("domain", (match[1],)),))
    for match in _ROME.finditer(folded):
        yield Found("code", *match.span(), (("rome", (match[1].upper(),)),))
    for match in _SIRET.finditer(folded):
        yield Found("code", *match.span(), (("provider", (match[1].replace(" ", ""),)),))


def _refused(folded: str, today: date) -> Iterator[Found]:
    """Yield exclusions of remote offers; precedes the rule that asks for them."""
    for match in _NOT_REMOTE.finditer(folded):
        yield Found("remote", *match.span(), (("remote", "exclude"),))


def _modes(folded: str, today: date) -> Iterator[Found]:
    for pattern, mode in ((_REMOTE, "remote"), (_ONSITE, "onsite"), (_BLENDED, "blended")):
        for match in pattern.finditer(folded):
            yield Found("mode", *match.span(), (("mode", (mode,)),))


def _funders(folded: str, today: date) -> Iterator[Found]:
    for match in _COMMISSIONED.finditer(folded):
        funder = ("funder", (_FUNDERS[match["payer"]],))
        yield Found("funder", *match.span(), (("state_funded", ("true",)), funder))
    for match in _FUNDER.finditer(folded):
        if _ENROLLED.search(folded, 0, match.start()):
            continue
        yield Found(
            "funder", *match.span(), (("funder", (_FUNDERS[match["payer"] or match["alone"] or "transitions pro"],)),)
        )


def _free(folded: str, today: date) -> Iterator[Found]:
    found = list(_FREE.finditer(folded))
    if found:
        found += _FOR_JOB_SEEKERS.finditer(folded)
    for match in found:
        yield Found("free", *match.span(), (("free", True),))


def _seats(folded: str, today: date) -> Iterator[Found]:
    for match in _SEATS.finditer(folded):
        yield Found("seats", *match.span(), (("seats", 1),))


def _entry_levels(folded: str, today: date) -> Iterator[Found]:
    for match in _NO_DIPLOMA.finditer(folded):
        yield Found("entry_level", *match.span(), (("entry_level", 0),))
        return
    for match in _HAS_DIPLOMA.finditer(folded):
        yield Found("entry_level", *match.span(), (("entry_level", int(_LEVELS[match["name"]])),))
        return


def _levels(folded: str, today: date) -> Iterator[Found]:
    for match in _YEARS.finditer(folded):
        yield Found("level", *match.span(), (("level", (_LEVEL_BY_YEARS[match["years"]],)),))
    for match in _LEVEL.finditer(folded):
        yield Found("level", *match.span(), (("level", (_LEVELS[match["name"]],)),))


def diploma_alone(folded: str, is_title: Callable[[Sequence[str]], bool]) -> tuple[tuple[str, Any], ...] | None:
    """Return the level of a text that names only a diploma and is not a title: « un CAP », « licence pro ».

    ``is_title`` tells whether one title contains all of some words: if a title contains « master », its trainings are
    meant.
    """
    match = _DIPLOMA_ALONE.fullmatch(folded)
    if match is None or (match["words"] not in _ALWAYS_LEVELS and is_title(match["words"].replace("-", " ").split())):
        return None
    return (("level", (_LEVELS[match["name"]],)),)


RULES: Final[tuple[Rule, ...]] = (
    _codes, _refused, _modes, find_distances, find_dates, _funders, find_conditions, _free, _seats, _entry_levels,
    _levels,
)  # fmt: skip
