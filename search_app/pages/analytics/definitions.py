"""What figures mean, in words that can be quoted; displayed under « Comment c’est compté »."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from search_app.pages.analytics.figures import COVERAGES
from search_app.text.wording import typeset

MEANINGS: Final[Mapping[str, str]] = {
    "offers": "Une offre est une formation à un lieu. On compte celles qui remplissent tous les critères.",
    "sessions": "Sessions de ces offres qui remplissent à la fois tous les critères de date, d’inscription et de"
    " places.",
    "trainings": "Formations différentes, quel que soit le nombre de lieux où elles se tiennent.",
    "providers": "Organismes responsables différents (un numéro SIREN, un organisme).",
    "bought": "Places que le catalogue annonce comme achetées, une fois par offre et par ligne de financement, pour les"
    " financeurs choisis ou, sans choix, pour tous. Zéro y veut dire « non dit ». Ce nombre vaut pour l’offre entière :"
    " il n’est partagé ni entre ses sessions, ni entre les périodes, ni entre les lieux.",
    "capacity": "Places ouvertes d’après les relevés des organismes, pour chaque session et chaque financeur, puis"
    " additionnées. Si deux financeurs annoncent les mêmes places, elles comptent deux fois.",
    "left": "Places encore libres d’après les relevés, pour chaque session et chaque financeur, puis additionnées."
    " Si deux financeurs annoncent les mêmes places, elles comptent deux fois.",
    "filled": "Places ouvertes moins places restantes, là où les deux sont connues pour la même session et le même"
    " financeur, et où il ne reste pas plus de places qu’il n’en est ouvert.",
    "left_at_least": "Pour chaque session, le plus grand nombre de places restantes annoncé par un financeur ; puis la"
    " somme. C’est ce dont on est sûr, même si plusieurs financeurs annoncent les mêmes places.",
    "fill_rate": "Places occupées divisées par places ouvertes, pour les mêmes sessions et les mêmes financeurs."
    " Sans aucune place ouverte connue, il n’y a pas de taux.",
    "seats_known": "Part des sessions dont au moins un nombre de places restantes est connu. Un taux ou une somme de"
    " places ne parle que de ces sessions-là.",
    "price_hour": "Somme des prix affichés divisée par la somme des heures, pour les offres qui disent les deux. C’est"
    " le prix affiché au catalogue, pas celui d’un marché.",
    "price_known": "Part des offres dont le prix et la durée sont connus.",
}
ABSENCES: Final = (
    ("0", "on sait que le nombre est zéro."),
    ("non connu", "il y a des offres, mais aucune ne dit ce chiffre."),
    ("– (aucune offre)", "aucune offre ne remplit ces critères."),
)
SEVERAL: Final[Mapping[str, str]] = {
    "region": "à plusieurs lieux est comptée dans chacune de leurs régions",
    "department": "à plusieurs lieux est comptée dans chacun de leurs départements",
    "employment_zone": "à plusieurs lieux est comptée dans chacune de leurs zones d’emploi",
    "domain": "qui relève de deux domaines est dans deux lignes",
    "formacode": "qui a deux Formacodes est dans deux lignes",
    "rome": "qui mène à deux métiers est dans deux lignes",
    "funder": "que deux financeurs payent est dans deux lignes",
    "programme": "de deux programmes est dans deux lignes",
    "market": "de deux marchés est dans deux lignes",
    "trainer": "que deux organismes dispensent est dans deux lignes",
    "audience": "pour deux publics est dans deux lignes",
    "rncp": "qui mène à deux certifications est dans deux lignes",
    "recruiting": "dont les sessions ont des états différents est dans plusieurs lignes",
}
PERIODS: Final = ("month", "quarter", "year")
_OVERLAP: Final = (
    "Les lignes et les colonnes se recouvrent : leur somme peut dépasser l’ensemble, qui est compté à part."
)
_OF_PERIODS: Final = (
    "Les périodes se recouvrent : une session où l’on entre toute l’année, ou dont on ne connaît que le mois, compte"
    " dans plusieurs. Celles dont le début n’est pas connu ne sont dans aucune."
)
_OF_BOUGHT: Final = (
    "Les places achetées valent pour toute l’offre : une offre de deux périodes y figure deux fois avec le même nombre."
)
_OF_FUNDERS: Final = (
    "Les places sont additionnées par financeur : si deux financeurs annoncent les mêmes, elles comptent deux fois."
    " « Places restantes au moins » ne les compte qu’une fois."
)
_OF_KNOWN: Final = (
    "« connu : 40 % » : part des sessions dont les places sont connues, ou des offres dont le prix et la durée le sont."
    " Le chiffre ne parle que d’elles ; il est en italique s’il parle de moins de la moitié."
)
_ADDED: Final = ("capacity", "left", "filled")


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure and what it means."""

    term: str
    text: str


def build_definitions(labels: Mapping[str, str]) -> tuple[Definition, ...]:
    """Return the meaning of each measure; ``labels`` by name, in the order in which they are shown."""
    return tuple(Definition(label, typeset(MEANINGS[name])) for name, label in labels.items() if name in MEANINGS)


def build_notes(dimensions: Iterable[str], measures: Iterable[str]) -> tuple[str, ...]:
    """Return what one must know to read this table; empty if nothing in it can be misread."""
    shown, chosen = tuple(dimensions), tuple(measures)
    several = [f"Une offre {SEVERAL[name]}." for name in shown if name in SEVERAL]
    notes = [" ".join((*several, _OVERLAP))] if several else []
    if any(name in PERIODS for name in shown):
        notes.append(_OF_PERIODS)
        if "bought" in chosen:
            notes.append(_OF_BOUGHT)
    if any(name in COVERAGES for name in chosen):
        notes.append(_OF_KNOWN)
    if any(name in _ADDED for name in chosen):
        notes.append(_OF_FUNDERS)
    return tuple(map(typeset, notes))
