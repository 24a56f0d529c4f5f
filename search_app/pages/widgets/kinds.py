"""The four kinds of frames, and the pages of the site that they stand for."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from search_app.pages.widgets.theme import PREFIX
from search_app.search.links import SEARCH, Pairs, address

OFFER: Final = f"{SEARCH}/"
DEFAULT_SIZE: Final = 5
# A list is a glance, and no taller than the 5,000 px that the loader allows.
LARGEST_SIZE: Final = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of frame: the name in ``data-boussole``, and what it shows; one ``of_offer`` needs a key."""

    name: str
    label: str
    about: str
    of_offer: bool = False

    @property
    def path(self) -> str:
        """Return the path of its frames."""
        return f"{PREFIX}/{self.name}"


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("recherche", "Recherche", "un formulaire ; les résultats s’ouvrent sur le site"),
        Kind("liste", "Liste", "les premières offres d’une recherche, avec leurs places"),
        Kind("offre", "Offre", "l’essentiel d’une offre", of_offer=True),
        Kind("places", "Places", "les sessions d’une offre et leurs places, en direct", of_offer=True),
    )
}


@dataclass(frozen=True, slots=True)
class Target:
    """A page of the site: a search with its pairs, or an offer."""

    pairs: Pairs = ()
    offer: str = ""

    @property
    def page(self) -> str:
        """Return the path of the page, with its parameters."""
        return f"{OFFER}{self.offer}" if self.offer else address(self.pairs)


def parse_target(text: str, hosts: frozenset[str]) -> Target | None:
    """Return the page at an address of the site, None at any other address; ``hosts`` are the site's.

    A page of more results than a frame shows stands for the largest frame; a slash after an offer's key is none of it.

    >>> parse_target("https://a.example/offres?place=Albi", frozenset({"a.example"}))
    Target(pairs=(('place', 'Albi'),), offer='')
    >>> parse_target("/offres?size=50", frozenset())
    Target(pairs=(('size', '20'),), offer='')
    >>> parse_target("/offres/n33nhrxdjcpe/", frozenset()), parse_target("https://b.example/", frozenset({"a.example"}))
    (Target(pairs=(), offer='n33nhrxdjcpe'), None)
    """
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    elsewhere = parts.netloc.lower() not in hosts if parts.netloc else not parts.path.startswith("/")
    if elsewhere or parts.scheme not in ("", "http", "https"):
        return None
    path = unquote(parts.path)
    if path in ("", "/", SEARCH):
        return Target(pairs=tuple((name, _fitting(value) if name == "size" else value)
                                  for name, value in parse_qsl(parts.query)))  # fmt: skip
    key = path.removeprefix(OFFER).removesuffix("/")
    return Target(offer=key) if path.startswith(OFFER) and key else None


def _fitting(size: str) -> str:
    """Return a number of results that a frame shows; what is no number is reported where the search is read."""
    return str(LARGEST_SIZE) if size.isascii() and size.isdecimal() and int(size) > LARGEST_SIZE else size
