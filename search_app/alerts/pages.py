"""The page contexts of alerts: the form, and what is told before and after each step."""

from dataclasses import dataclass
from typing import Final

from alerts.model import FREQUENCIES, Frequency
from search_app.alerts.letters import HOW_OFTEN
from search_app.alerts.searched import Searched
from search_app.pages.shared.layout import Layout, Link, Page
from search_app.text.wording import typeset

SHEETS: Final = ("alerts.css",)
CHOICES: Final[dict[Frequency, str]] = {"daily": "Chaque jour, s’il y a du nouveau", "weekly": "Une fois par semaine"}
SEARCH: Final = Link("Rechercher des formations", "/offres")
CHECK_MAIL: Final = (
    "Si cette adresse est la vôtre, ouvrez le courriel que vous allez recevoir, et confirmez.",
    "Il part tout de suite, mais pas deux fois en dix minutes à la même adresse. Regardez aussi dans les indésirables.",
    "Sans confirmation, l’adresse sera effacée dans sept jours.",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of the form with its label."""

    value: str
    label: str
    checked: bool = False


@dataclass(frozen=True, slots=True)
class FormPage(Page):
    """The form; ``fault`` is what was wrong with the address, which is never displayed again."""

    query: str
    asked: str
    back: Link
    choices: tuple[Choice, ...]
    fault: str | None
    demonstration: bool


@dataclass(frozen=True, slots=True)
class StepPage(Page):
    """A step that a mail leads to: what it is about, a button that does it (``action``), or what was done.

    ``others`` are further alerts that the same button may confirm.
    """

    heading: str
    paragraphs: tuple[str, ...]
    asked: str = ""
    action: Link | None = None
    others: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()


def build_form(
    searched: Searched, *, fault: str | None = None, frequency: Frequency = "daily", demonstration: bool = False
) -> FormPage:
    """Return the form for a search."""
    title = "M’avertir des nouvelles offres"
    return FormPage(
        layout=_layout(f"Erreur : {title}" if fault else title),
        query=searched.query,
        asked=searched.text,
        back=Link("Revenir à la recherche", f"/offres?{searched.query}"),
        choices=tuple(Choice(each, CHOICES[each], each == frequency) for each in FREQUENCIES),
        fault=fault and typeset(fault),
        demonstration=demonstration,
    )


def build_step(heading: str, *paragraphs: str, asked: str = "", action: Link | None = None,
               others: tuple[Choice, ...] = (), links: tuple[Link, ...] = ()) -> StepPage:  # fmt: skip
    """Return the page of a step."""
    heading = typeset(heading)
    told = tuple(typeset(text) for text in paragraphs)
    return StepPage(_layout(heading), heading, told, asked, action, others, links)


def build_sent(query: str, *, demonstration: bool) -> StepPage:
    """Return the answer to a request for an alert, the same whatever is known of the address."""
    back = Link("Revenir à la recherche", f"/offres?{query}")
    links = (Link("Voir les courriels de la démonstration", MAILS), back) if demonstration else (back,)
    return build_step("Regardez vos courriels", *CHECK_MAIL, links=links)


def build_confirming(asked: str, frequency: Frequency, action: str, others: tuple[Choice, ...]) -> StepPage:
    """Return the page on which an alert is confirmed."""
    return build_step(
        "Confirmer l’alerte",
        f"Vous recevrez les nouvelles offres de cette recherche {HOW_OFTEN[frequency]}.",
        "Chaque courriel permet d’arrêter l’alerte, sans compte ni mot de passe.",
        asked=asked, action=Link("Confirmer l’alerte", action), others=others,
    )  # fmt: skip


def build_ended() -> StepPage:
    """Return the page of a link whose alert does not exist any more, or never did."""
    return build_step(
        "Cette alerte n’existe plus",
        "Elle a été arrêtée, ou n’a pas été confirmée dans les sept jours. Aucune adresse n’est gardée.",
        links=(SEARCH,),
    )


MAILS: Final = "/courriels"


def _layout(title: str) -> Layout:
    return Layout(title, indexed=False, sheets=SHEETS)
