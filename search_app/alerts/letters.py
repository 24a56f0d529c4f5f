"""The letters that ask something: whether an alert is wanted, and whether it still is."""

from typing import Final

from alerts.keys import Purpose
from alerts.letter import Action, Letter
from alerts.model import Frequency
from search_app.alerts.post_office import PostOffice
from search_app.text.wording import typeset

HOW_OFTEN: Final[dict[Frequency, str]] = {
    "daily": "une fois par jour au plus",
    "weekly": "une fois par semaine au plus",
}
SEARCHED: Final = typeset("Votre recherche : ")
USED_FOR: Final = "Votre adresse ne sert qu’à cette alerte, et s’efface avec elle."


def build_confirmation(office: PostOffice, record: str, asked: str, frequency: Frequency) -> Letter:
    """Return the letter that asks to confirm a new alert; ``record`` is what its links name."""
    return Letter(
        subject="Boussole : confirmez votre alerte",
        heading="Confirmez votre alerte",
        asked=f"{SEARCHED}{asked}",
        paragraphs=(
            typeset(
                "Pour être averti des nouvelles offres de formation de cette recherche "
                f"({HOW_OFTEN[frequency]}, et seulement s’il y en a), ouvrez la page suivante et confirmez."
            ),
            typeset("Vous n’avez rien demandé ? Ne faites rien : cette adresse sera effacée dans sept jours."),
        ),
        entries=(),
        action=Action("Confirmer l’alerte", office.link(Purpose.CONFIRM, record)),
        closing=("Ce message est parti parce que cette adresse a été saisie sur Boussole.", USED_FOR),
        stop=Action("Refuser, et effacer cette adresse tout de suite", office.link(Purpose.STOP, record)),
    )


def build_renewal(office: PostOffice, record: str, asked: str, days: int) -> Letter:
    """Return the letter that asks once a year whether an alert is still wanted; without an answer it ends."""
    return Letter(
        subject="Boussole : voulez-vous garder votre alerte ?",
        heading=typeset("Voulez-vous garder votre alerte ?"),
        asked=f"{SEARCHED}{asked}",
        paragraphs=(
            "Vous recevez depuis un an les nouvelles offres de cette recherche.",
            f"Sans réponse d’ici {days} jours, l’alerte et votre adresse seront effacées.",
        ),
        entries=(),
        action=Action("Garder l’alerte", office.link(Purpose.KEEP, record)),
        closing=(USED_FOR,),
        stop=stop_action(office, record),
    )


def stop_action(office: PostOffice, record: str) -> Action:
    """Return the link that ends an alert."""
    return Action("Ne plus recevoir cette alerte", office.link(Purpose.STOP, record))
