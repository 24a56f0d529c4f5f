"""The interpretation of the words as displayed to the reader, with links that undo it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from search_app.pages.shared.layout import Link
from search_app.search.links import Pairs, address, replaced, without
from search_app.search.places.found_place import comparable_name
from search_app.search.results import CodeView, FilterView, JobView, Understood
from search_app.text import wording
from search_app.text.wording import curved

# The interpretation of words, by kind of filter.
TAKEN_FOR: Final[Mapping[str, str]] = {
    "place": "un lieu", "level": "un niveau", "mode": "une modalité", "month": "des dates", "funder": "un financeur",
    "free": "une formation gratuite si demandeur d’emploi", "entry_level": "votre niveau", "code": "un code",
    "seats": "des places restantes", "remote": "sans les offres à distance", "radius": "un rayon",
    "aside": "laissé de côté, aucun filtre n’y correspond",
    "state_funded": "une formation conventionnée", "recruiting": "des inscriptions ouvertes",
    "entry": "une entrée toute l’année", "rhythm": "un rythme",
    "price": "un prix maximum", "hours": "une durée maximum",
    "near_me": "laissé de côté, indiquez une ville", "undecided": "laissé de côté",
}  # fmt: skip
NO_TOWN: Final = ", sans effet tant qu’aucune ville n’est choisie"
MOST_JOBS: Final = 5  # names of jobs displayed; further ones are improbable


@dataclass(frozen=True, slots=True)
class UnderstoodNote:
    """Sentences, each with a link that undoes its interpretation; ``jobs`` and ``also`` explain the results."""

    corrected: str = ""
    as_typed: Link | None = None
    loose: bool = False
    found: bool = True
    unknown_code: str = ""
    unknown_words: tuple[str, ...] = ()
    certification: Link | None = None
    undecided: bool = False
    has_place: bool = False  # in the words
    other_places: tuple[Link, ...] = ()
    filters: tuple[str, ...] = ()
    without_filters: Link | None = None
    also: tuple[str, ...] = ()
    without_also: Link | None = None
    jobs: tuple[str, ...] = ()

    @property
    def has_note(self) -> bool:
        """Tell whether there is something to say before the results."""
        told = self.corrected or self.loose or self.filters or self.unknown_code or self.unknown_words
        return bool(told or self.certification or self.other_places)

    @property
    def has_why(self) -> bool:
        """Tell whether there is an explanation of the results."""
        return bool(self.also or self.jobs)


def build_note(
    understood: Understood | None, asked: Pairs, pairs: Pairs, *, found: bool, around: bool = True
) -> UnderstoodNote | None:
    """Return the note on an interpretation; ``asked`` is the search as typed, ``pairs`` the resolved one; ``found``
    tells whether there are results, ``around`` whether a circle was searched.
    """
    if understood is None:
        return None
    corrected = as_typed = literally = without_also = None
    has_place = any(each.kind == "place" for each in understood.filters)
    if understood.corrections:
        corrected = understood.words
        typed = f"Chercher «{wording.NBSP}{understood.kept}{wording.NBSP}» quand même"
        as_typed = Link(typed, address((*asked, ("verbatim", "spelling"))))
    if understood.filters:
        literally = Link("Chercher ces mots tels quels", address((*asked, ("verbatim", "filters"))))
    if understood.variants:
        without_also = Link("Chercher sans ces autres mots", address((*asked, ("verbatim", "synonyms"))))
    note = UnderstoodNote(
        corrected=corrected or "",
        as_typed=as_typed,
        loose=understood.loose and not understood.unknown_code,
        found=found,
        unknown_code=understood.unknown_code,
        unknown_words=tuple(f"«{wording.NBSP}{word}{wording.NBSP}»" for word in understood.unknown_words),
        certification=_certification(understood.rncp_like, pairs),
        undecided=any(each.kind == "undecided" for each in understood.filters),
        has_place=has_place,
        other_places=tuple(
            Link(f"Chercher plutôt autour {wording.of(curved(label))}", address(_elsewhere(pairs, label, has_place)))
            for label in understood.other_places
        ),
        filters=tuple(_filter(each, around=around) for each in understood.filters),
        without_filters=literally,
        also=tuple(f"«{wording.NBSP}{text}{wording.NBSP}»" for text in understood.variants),
        without_also=without_also,
        jobs=tuple(map(_job, understood.jobs[:MOST_JOBS])),
    )
    return note if note.has_note or note.has_why else None


def _certification(row: CodeView | None, pairs: Pairs) -> Link | None:
    if row is None:
        return None
    return Link(f"RNCP{row.code}, {curved(row.label)}", address(replaced(without(pairs, "q"), "rncp", row.code)))


def _elsewhere(pairs: Pairs, label: str, has_place: bool) -> Pairs:
    """Return the search around another place; if its name is still among the words, without it there."""
    if has_place:
        return replaced(pairs, "place", label)
    name = comparable_name(label.partition(" (")[0]).split()
    typed = next((value for key, value in pairs if key == "q"), "")
    words = " ".join(word for word in typed.split() if comparable_name(word) not in name)
    return (
        replaced(replaced(pairs, "place", label), "q", words)
        if words
        else replaced(without(pairs, "q"), "place", label)
    )


def _job(each: JobView) -> str:
    """Return the label of a job, and the known title by which meaning found it.

    >>> _job(JobView("H2913", "Soudage manuel", "Soudeur à l'arc")), _job(JobView("H2913", "Soudage manuel", ""))
    ('Soudage manuel (proche de\xa0: «\xa0Soudeur à l’arc\xa0»)', 'Soudage manuel')
    """
    if not each.near or comparable_name(each.near) == comparable_name(each.label):
        return each.label
    return f"{each.label} (proche de{wording.NBSP}: «{wording.NBSP}{curved(each.near)}{wording.NBSP}»)"


def _filter(each: FilterView, *, around: bool = True) -> str:
    """Return what was understood of some words: of a place where it is searched, of a radius without a town that it has
    no effect.

    >>> _filter(FilterView("place", "d'Alby", {"place": "Albi (81)"})), _filter(FilterView("funder", "région", {}))
    ('près d’Albi', '«\\xa0région\\xa0»\\xa0: un financeur')
    >>> _filter(FilterView("place", "tarn", {"place": "Tarn"}), around=False)
    'Tarn'
    """
    if each.kind == "place":
        name = curved(each.parameters["place"].partition(" (")[0])
        return f"près {wording.of(name)}" if around else name
    meant = NO_TOWN if each.kind == "radius" and not around else ""
    return wording.typeset(f"« {curved(each.typed)} » : {TAKEN_FOR[each.kind]}{meant}")
