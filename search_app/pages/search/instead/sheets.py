"""The funding sheets that answer words which few offers have: a VAE and a bilan are ways of their own, not courses."""

from typing import Final

from funding import Book
from language.words import words_of
from search_app.funding.sheets import PATH
from search_app.pages.shared.layout import Link

# Words that must all be among those searched for, the scheme, and what its sheet tells about them.
_SHEETS: Final = (
    (
        frozenset({"vae"}),
        "vae",
        "La validation des acquis de l’expérience (VAE) : pour qui, qui paie, comment commencer",
    ),
    (
        frozenset({"validation", "acquis"}),
        "vae",
        "La validation des acquis (VAE) : pour qui, qui paie, comment commencer",
    ),
    (
        frozenset({"bilan", "competences"}),
        "cpf",
        "Le bilan de compétences : ce que paie le compte personnel de formation",
    ),
)


def find_sheets(words: str, book: Book) -> tuple[Link, ...]:
    """Return the sheets about words that were searched for, each once."""
    searched = set(words_of(words))
    found = {scheme: text for asked, scheme, text in _SHEETS if asked <= searched and book.scheme(scheme)}
    return tuple(Link(text, f"{PATH}/{scheme}") for scheme, text in found.items())
