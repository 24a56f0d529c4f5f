"""The columns of the selection: what tells one offer from another, its note, its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from search_app.pages.selection.compare import Compared
from search_app.pages.selection.shortlist import EARLIER, LATER, LONGEST_NOTE, REMOVED, Pick, Reading
from search_app.pages.shared.layout import Link
from search_app.pages.shared.picking import SEARCH_AGAIN, pairs_of
from search_app.search.links import Pairs, address
from search_app.search.results import OfferCard
from search_app.search.selected import Gone
from search_app.text import casing, wording

GONE: Final = "Cette offre n’est plus au catalogue"


@dataclass(frozen=True, slots=True)
class NoteField:
    """The note on an offer as given; ``name`` is that of its field."""

    name: str
    value: str
    error: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """A button that sends the form, with the notes as typed, and changes the selection."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One offer of the selection; a removed (``gone``) one with its last state and similar offers, if known.

    ``name`` is its provider and town, ``label`` its number, town and provider: titles are often the same.
    """

    number: int
    key: str
    name: str
    label: str
    title: str
    href: str
    link: str
    gone: bool
    was: str | None
    likes: tuple[Link, ...]
    acts: tuple[Act, ...]
    note: NoteField


def build_column(
    number: int,
    pick: Pick,
    found: Compared | None,
    reading: Reading,
    was: Gone | None,
    site: str,
) -> Column:
    """Return the column of an offer; ``was`` is the last state of a removed one, ``site`` the address of the site."""
    selection, key = reading.selection, pick.key
    picked = pairs_of(selection)
    card = found.card if found else None
    names = _names(card) if card else (f"Clé {key}",)
    href = f"/offres/{key}"
    return Column(
        number=number,
        key=key,
        name=", ".join(names),
        label=f"{number}. {' · '.join(reversed(names))}",
        title=wording.typeset(card.title) if card else GONE,
        href=address(picked, href),
        link=site + href,
        gone=card is None,
        was=None if card or not was else f"{wording.typeset(was.title)}, jusqu’au {wording.moment(was.removed_at)}",
        likes=() if card or not was else _likes(was, href, picked),
        acts=_acts(number, len(selection.picks)),
        note=_note_field(number, pick, reading),
    )


def _names(card: OfferCard) -> tuple[str, ...]:
    """Return provider and town, which tell offers of one training apart."""
    town = casing.town(card.place.town) if card.place and card.place.town else None
    provider = wording.provider_line(card.provider.name, card.trainer)
    return tuple(wording.typeset(text) for text in (provider, town) if text)


def same_title(columns: Sequence[Column]) -> str | None:
    """Return the title of all offers if they have the same one."""
    titles = {column.title for column in columns if not column.gone}
    return titles.pop() if len(titles) == 1 and len(columns) > 1 else None


def _acts(number: int, count: int) -> tuple[Act, ...]:
    """Return the buttons of the offer at this position."""
    acts = [Act(REMOVED, "Retirer")]
    if number < count:
        acts.insert(0, Act(LATER, "Après"))
    return (Act(EARLIER, "Avant"), *acts) if number > 1 else tuple(acts)


def _likes(was: Gone, href: str, picked: Pairs) -> tuple[Link, ...]:
    """Return the links to other offers of its training, and to its own page with similar offers."""
    every = Link("Ce qui lui ressemble", address(picked, href))
    if not was.likes:
        return (every,)
    pairs = (("training", was.training), *SEARCH_AGAIN, *picked)
    text = f"La même formation ({wording.counted(was.likes, 'offre', 'offres')})"
    return (Link(text, address(pairs)), every)


def _note_field(number: int, pick: Pick, reading: Reading) -> NoteField:
    given = reading.too_long.get(pick.key)
    if given is None:
        return NoteField(f"n{number}", pick.note, None)
    error = (
        f"{LONGEST_NOTE} caractères au plus : la fin ne sera pas transmise."
        if pick.note
        else "L’adresse n’a plus de place pour cette note : raccourcissez-en une."
    )
    return NoteField(f"n{number}", given, wording.typeset(error))
