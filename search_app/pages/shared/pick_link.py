"""The link by which an offer comes into the selection, or leaves it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PickLink:
    """``href`` is the same page with the offer added or taken off, ``text`` says which; ``about`` names the offer.

    Without ``href`` the selection is full.
    """

    key: str
    about: str
    picked: bool
    href: str | None
    text: str
