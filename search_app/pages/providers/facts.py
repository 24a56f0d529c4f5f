"""The facts of a body in French, each with its date or « non connu » : never one boolean "active"."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from search_app.census.answer import BodyView, OfferCounts
from search_app.census.gaps import SOURCES, UNKNOWN_EDITION, source_text
from search_app.census.labels import CATEGORY_LABELS
from search_app.text.casing import cased, town
from search_app.text.dates import french_day
from search_app.text.wording import counted, typeset

UNKNOWN: Final = "Non connu"
NO_LIST: Final = "Non connu : aucune liste publique n’est chargée"
UNNAMED: Final = "Organisme non nommé"


def shown_name(view: BodyView) -> str:
    """Return the name of a body cased for reading."""
    return typeset(cased(view.name)) if view.name else UNNAMED


def shown_town(name: str | None) -> str | None:
    """Return the name of a town cased for reading."""
    return town(name) if name else None


def shown_siren(siren: str) -> str:
    """Return a SIREN in groups of three.

    >>> shown_siren("130002850")
    '130\xa0002\xa0850'
    """
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:9]))


def day(told: str | None) -> str | None:
    """Return an ISO date in French, None for None."""
    return french_day(date.fromisoformat(told[:10])) if told else None


def declared_text(view: BodyView) -> str:
    """Tell whether a body is on the public list, and of which edition."""
    if view.listed is None:
        return NO_LIST
    if view.listed:
        return _dated("Oui, dans la liste publique", view, view.listed_at)
    if view.left_list_at:
        return _dated("Non : sorti de la liste publique", view, view.left_list_at)
    return _dated("Non : absent de la liste publique", view, view.edition)


def state_text(view: BodyView) -> str:
    """Tell the legal state, who says so and when."""
    if view.state is None:
        return UNKNOWN
    source = (
        source_text(view.state_source or "", view.state_at, view.untold_dates) if view.state_source in SOURCES else ""
    )
    told = "Indiqué fermé" if view.state == "ceased" else "Indiqué ouvert"
    return f"{told} ({source})" if source else told


def certification_texts(view: BodyView) -> list[str]:
    """Tell the certification with the edition that says so."""
    if view.qualiopi is None:
        return [UNKNOWN]
    if view.qualiopi:
        told = _dated(f"Oui : {', '.join(CATEGORY_LABELS[each] for each in view.qualiopi)}", view, view.qualiopi_at)
    elif view.qualiopi_lost_at:
        told = f"N’est plus indiquée depuis {_edition(view, view.qualiopi_lost_at, 'l’', 'la ')}"
    else:
        told = _dated("Aucune n’est indiquée", view, view.qualiopi_at)
    return [told, "La liste ne dit ni le certificateur ni la date de fin."]


def trainees_texts(view: BodyView) -> list[str]:
    """Tell the trainees of the last declaration."""
    if view.trainees is None:
        return [UNKNOWN]
    year = f" (exercice clos le {day(view.trainees_year_end)})" if view.trainees_year_end else ""
    told = [f"{counted(view.trainees, 'stagiaire', 'stagiaires')}{year}"]
    if view.trainees_for_others:
        told.append(f"{counted(view.trainees_for_others, 'confié', 'confiés')} par un autre organisme")
    if view.trainers_count is not None:
        told.append(counted(view.trainers_count, "formateur", "formateurs"))
    return told


def offers_text(offers: OfferCounts) -> str:
    """Tell how many offers a body is responsible for.

    >>> offers_text(OfferCounts(0, 0)), offers_text(OfferCounts(12, 1)).replace("\xa0", " ")
    ('Aucune offre au catalogue', '12 offres au catalogue, dont 1 à venir')
    """
    if not offers.total:
        return "Aucune offre au catalogue"
    return f"{counted(offers.total, 'offre', 'offres')} au catalogue, dont {offers.upcoming} à venir"


def short_facts(view: BodyView) -> list[str]:
    """Return declaration and certification as short texts for lists."""
    if view.listed is None:
        declared = "Déclaration : non connue"
    else:
        declared = "Dans la liste publique" if view.listed else "Absent de la liste publique"
    if view.state == "ceased":
        declared += ", indiqué fermé"
    return [typeset(text) for text in (declared, f"Qualiopi : {_short_certification(view.qualiopi)}")]


def _short_certification(qualiopi: Sequence[str] | None) -> str:
    if qualiopi is None:
        return "non connue"
    if not qualiopi:
        return "aucune indiquée"
    return "oui" if list(qualiopi) == ["any"] else ", ".join(CATEGORY_LABELS[each] for each in qualiopi)


def _dated(text: str, view: BodyView, told: str | None) -> str:
    return f"{text} ({_edition(view, told)})" if told else text


def _edition(view: BodyView, told: str | None, article: str = "", of_list: str = "") -> str:
    """Return an edition by its date, or by the day of its loading if nobody gave its date."""
    if told in view.untold_dates:
        return f"{of_list}liste chargée le {day(told)}, {UNKNOWN_EDITION}"
    return f"{article}édition du {day(told)}"
