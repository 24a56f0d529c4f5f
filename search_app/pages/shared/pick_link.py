"""The link that adds an offer to the selection, or removes it."""

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
