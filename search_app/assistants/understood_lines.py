"""What a search was taken for, and what finds something where it found nothing, in lines."""

from collections.abc import Iterator
from typing import Final

from search_app.assistants.offer_lines import USUAL, Lengths
from search_app.assistants.quotation import cut_line, plain, quote, visible
from search_app.pages.search.chips import Chip, build_chips
from search_app.pages.search.instead.elsewhere import Instead
from search_app.pages.search.understood_note import UnderstoodNote, build_note
from search_app.pages.shared.layout import CountedLink
from search_app.search.links import to_pairs
from search_app.search.resolved import ResolvedSearch
from search_app.search.results import PlaceFound, SearchResults
from search_app.text import wording

MOST_CONDITIONS: Final = 12
LONGEST_CONDITION: Final = 90
LONGEST_ADDRESS: Final = 500  # of a proposed search: one of many values has a long one
LONGEST_TITLE: Final = 80  # of a proposed spelling
MOST_INSTEAD: Final = 3  # of each kind
_QUOTED: Final = ("Organisme", "Organisme formateur", "Programme", "Marché")  # chips with a feed's text


def head_lines(search: ResolvedSearch, results: SearchResults, lengths: Lengths = USUAL) -> list[str]:
    """Return the exact total with its conditions, and what was done with the words and the place."""
    lines = [_total(search, results), *_place_lines(results.place)]
    around = results.place is not None and results.place.radius is not None
    asked, pairs = to_pairs(search.asked), to_pairs(search.params)
    note = build_note(results.understood, asked, pairs, found=results.total > 0, around=around)
    lines += _note_lines(note, results.total) if note else ()
    return [cut_line(visible(line), lengths.line) for line in lines]


def _total(search: ResolvedSearch, results: SearchResults) -> str:
    found = wording.counted(results.total, "offre trouvée", "offres trouvées")
    presence = results.presence
    if presence is not None and results.total:
        found += f", dont {wording.number(presence.onsite)} sur place et {wording.number(presence.remote)} à distance"
    chips = build_chips(search.params, to_pairs(search.params), results.place, results.facets)
    told = [_condition(chip, search.params.q) for chip in chips[:MOST_CONDITIONS]]
    if len(chips) > MOST_CONDITIONS:
        told.append(f"et {len(chips) - MOST_CONDITIONS} autres")
    return f"{found} ({' ; '.join(told) or 'toutes les offres'})."


def _condition(chip: Chip, words: str) -> str:
    if chip.kind == "Mots":
        return quote(words, LONGEST_CONDITION)
    write = quote if chip.kind in _QUOTED else plain
    return f"{chip.kind} : {write(chip.text, LONGEST_CONDITION)}"


def _place_lines(place: PlaceFound | None) -> Iterator[str]:
    if place is not None and place.respelt:
        yield f"Lieu compris : {place.label} (reçu : {quote(place.respelt, LONGEST_CONDITION)})."
    if place is not None and place.others:
        yield f"Autres lieux de ce nom, pour place : {', '.join(other.label for other in place.others)}."


def _note_lines(note: UnderstoodNote, total: int) -> Iterator[str]:
    if note.corrected:
        words = quote(note.corrected, LONGEST_CONDITION)
        yield f"Orthographe corrigée, mots cherchés : {words} (tels quels : verbatim=spelling)."
    if note.filters:
        yield f"Compris dans q : {', '.join(note.filters)} (tels quels : verbatim=filters)."
    if note.unknown_code:
        yield f"Aucune offre ne porte le code {note.unknown_code}."
    if note.unknown_words:
        yield f"Mots inconnus de tout le catalogue : {', '.join(note.unknown_words)}."
    if note.loose and total:
        yield "Aucune offre n’a assez de ces mots : celles-ci en ont une partie, ou des mots proches."
    elif note.loose:
        yield "Aucune offre du catalogue n’a ces mots, ni des mots proches."
    if note.certification:
        yield f"Certification de ce numéro : {plain(note.certification.text, LONGEST_CONDITION)}."


def instead_lines(instead: Instead, site: str) -> list[str]:
    """Return searches that find something, with their totals and addresses."""
    kinds = (("", instead.loosening), ("Plus près : ", instead.nearby), ("Domaine : ", instead.domains))
    lines = [_counted(title, link, site) for title, links in kinds for link in links[:MOST_INSTEAD]]
    if instead.spellings:
        proposed = ", ".join(quote(link.text, LONGEST_TITLE) for link in instead.spellings)
        lines.append(f"- Peut-être : {proposed}")
    lines += [f"- {sheet.text} : {site}{sheet.href}" for sheet in instead.sheets]
    return ["Ce qui trouve quelque chose :", *lines] if lines else []


def _counted(title: str, link: CountedLink, site: str) -> str:
    count = wording.counted(link.count, "offre", "offres")
    href = f", {site}{link.href}" if len(link.href) <= LONGEST_ADDRESS else ""
    return f"- {title}{plain(link.label, LONGEST_CONDITION)} : {count}{href}"
