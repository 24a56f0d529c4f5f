"""The link by which an offer comes into the selection, or leaves it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PickLink:
    """``href`` is the same page with the offer added or taken off; ``about`` names the offer.

    Without ``href`` the selection is full.
    """

    key: str
    about: str
    picked: bool
    href: str | None

    @property
    def text(self) -> str:
        """Return what the link does."""
        if self.href is None:
            return "Sélection pleine"
        return "Retirer de la sélection" if self.picked else "Ajouter à la sélection"
