"""Checks all rules together for faults that no single line shows."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from language.words import clean
from synonyms.book import RuleBook
from synonyms.rule import Rule, Wording, form_of

# Alternative wordings of one query: each costs four clauses, and the search has a budget of a few milliseconds.
MOST_MEANINGS: Final = 4
LONGEST: Final = 8  # words of one wording
SHORTEST_KNOWN: Final = 3  # letters of the shortest words in a vocabulary: "permis B"
# Words in so many titles that a rule for one of them alone would match half of the catalogue.
_GENERIC: Final = (
    "formation gestion stage cours metier emploi travail technique technicien agent assistant responsable employe "
    "ouvrier conducteur operateur charge chef directeur conseiller aide service commerce vente maintenance production "
    "administration diplome titre certificat brevet licence master preparation initiation perfectionnement niveau "
    "professionnel qualification competence module atelier parcours projet entreprise organisation secteur domaine "
    "management communication developpement securite sante qualite faire devenir apprendre trouver chercher passer "
    "preparer travailler suivre debutant alternance distance gratuit"
)
GENERIC: Final = frozenset(map(form_of, _GENERIC.split()))


def find_faults(rules: Sequence[Rule]) -> list[str]:
    """Return one line for each fault of the rules, naming the rule; a load requires an empty list."""
    return [fault for check in (_generic, _too_much, _same_words, _cycles, _silent) for fault in check(rules)]


def strangers(rules: Iterable[Rule], vocabulary: Collection[str]) -> list[Rule]:
    """Return the rules whose right side has no wording with all its words in a vocabulary.

    Such a rule finds nothing in that catalogue; in another catalogue it may.
    """
    forms = {form_of(word) for word in vocabulary}
    return [rule for rule in rules if not any(_is_known(each, forms) for each in rule.meanings or rule.wordings)]


def _is_known(wording: Wording, forms: Collection[str]) -> bool:
    return all(form in forms or len(form) < SHORTEST_KNOWN for form in wording.forms)


def _generic(rules: Sequence[Rule]) -> Iterator[str]:
    for rule in rules:
        for each in (*rule.wordings, *rule.meanings):
            if len(each.forms) == 1 and each.forms[0] in GENERIC and not each.exact[0]:
                yield f"{rule.name}: {each.text!r} alone stands in too many titles to mean anything"


def _too_much(rules: Sequence[Rule]) -> Iterator[str]:
    for rule in rules:
        others = len(rule.words) - 1 + len(rule.means) if rule.kind == "equivalent" else len(rule.means)
        if others > MOST_MEANINGS:
            yield f"{rule.name}: a query would become {others} other wordings, {MOST_MEANINGS} are allowed"
        for each in (*rule.wordings, *rule.meanings):
            if len(each.forms) > LONGEST:
                yield f"{rule.name}: {each.text!r} has {len(each.forms)} words, {LONGEST} are allowed"


def _same_words(rules: Sequence[Rule]) -> Iterator[str]:
    """Report rules for the same words unless ``beside`` decides which one applies."""
    owners: dict[tuple[bool, tuple[str, ...], tuple[str, ...]], list[Rule]] = {}
    for rule in rules:
        for each in _listens_to(rule):
            owners.setdefault((rule.kind == "phrase", each.forms, each.exact), []).append(rule)
    for (_, forms, _), found in owners.items():
        for one, other in combinations(found, 2):
            if bool(one.company) == bool(other.company) and (not one.company or one.company & other.company):
                who = "it" if one is other else one.name
                yield f"{other.name}: {who} is for the same words already ({' '.join(forms)})"


def _listens_to(rule: Rule) -> tuple[Wording, ...]:
    return (*rule.wordings, *rule.meanings) if rule.kind == "equivalent" else rule.wordings


def _cycles(rules: Sequence[Rule]) -> Iterator[str]:
    """Report one-way rules that form a cycle: they must be written as an equivalent.

    A rule may repeat its own words on the right side: then the jobs of these words count too.
    """
    leads_to: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    owner: dict[tuple[str, ...], Rule] = {}
    for rule in rules:
        if rule.kind == "one-way":
            for each in rule.wordings:
                owner.setdefault(each.forms, rule)
                others = {meaning.forms for meaning in rule.meanings} - {own.forms for own in rule.wordings}
                leads_to.setdefault(each.forms, set()).update(others)
    told: set[frozenset[tuple[str, ...]]] = set()
    for start in leads_to:
        path = _way_back(start, leads_to)
        if path and frozenset(path) not in told:
            told.add(frozenset(path))
            steps = " → ".join(" ".join(forms) for forms in (*path, start))
            yield f"{owner[start].name}: one-way rules go round in a circle: {steps}"


def _way_back(
    start: tuple[str, ...], leads_to: dict[tuple[str, ...], set[tuple[str, ...]]]
) -> list[tuple[str, ...]] | None:
    """Return the shortest chain of rules from some words back to them, None if there is none."""
    ways: list[list[tuple[str, ...]]] = [[start]]
    seen: set[tuple[str, ...]] = set()
    for way in ways:
        for after in sorted(leads_to.get(way[-1], ())):
            if after == start:
                return way
            if after not in seen:
                seen.add(after)
                ways.append([*way, after])
    return None


def _silent(rules: Sequence[Rule]) -> Iterator[str]:
    """Report an example that its own rule does not match."""
    book = RuleBook(rules)
    for rule in rules:
        if all(match.rule is not rule for match in book.find(clean(rule.example))):
            yield f"{rule.name}: its example {rule.example!r} is not touched by it"
