"""One body in a list: under the name that the words mean, with its town and what is known of it."""

from dataclasses import dataclass
from typing import Final

from mappings.codes import department_labels
from search_app.census.answer import BodyView, Found, NearestSite
from search_app.pages.providers.facts import offers_text, short_facts, shown_name, shown_siren, shown_town
from search_app.text import wording
from search_app.text.casing import cased

MOST_NAMES: Final = 3
MOST_DEPARTMENTS: Final = 3


@dataclass(frozen=True, slots=True)
class BodyCard:
    """One body of the list, always with its town, so that homonyms can be told apart.

    ``main_name`` is its own name where ``name`` is another one that the words mean.
    """

    name: str
    main_name: str | None
    href: str
    town: str
    nearest: str | None
    also: str | None
    siren: str
    facts: tuple[str, ...]
    offers: str
    questions: str | None


def to_card(view: BodyView, found: Found | None = None) -> BodyCard:
    """Return a body as the list shows it."""
    meant = wording.typeset(cased(found.name)) if found and found.name else None
    names = [name for name in dict.fromkeys(cased(each.name) for each in view.also if each.name) if name != meant]
    more = f" et {len(names) - MOST_NAMES} autres" if len(names) > MOST_NAMES + 1 else ""
    told = names[: MOST_NAMES if more else MOST_NAMES + 1]
    questions = wording.counted(len(view.gaps), "question ouverte", "questions ouvertes") if view.gaps else None
    return BodyCard(
        name=meant or shown_name(view),
        main_name=shown_name(view) if meant and view.name else None,
        href=view.url,
        town=shown_town(view.town) or _without_town(view),
        nearest=_nearest(found.nearest) if found and found.nearest else None,
        also=f"Aussi connu comme{wording.NBSP}: {', '.join(told)}{more}" if names else None,
        siren=shown_siren(view.siren),
        facts=tuple(short_facts(view)),
        offers=offers_text(view.offers),
        questions=questions,
    )


def _without_town(view: BodyView) -> str:
    """Tell where the offers of a body without a known town are."""
    labels = [department_labels().get(code, code) for code in view.department]
    if not labels:
        return "Ville non connue"
    more = f" et {len(labels) - MOST_DEPARTMENTS} autres" if len(labels) > MOST_DEPARTMENTS + 1 else ""
    told = labels[: MOST_DEPARTMENTS if more else MOST_DEPARTMENTS + 1]
    return wording.typeset(f"Ville non connue ; offres : {', '.join(told)}{more}")


def _nearest(site: NearestSite) -> str:
    """Tell the site nearest to the typed town."""
    if not site.distance_km:
        return wording.typeset(f"Un établissement à {site.near}")
    town = shown_town(site.town) or site.siret
    told = wording.kilometres(site.distance_km)
    return wording.typeset(f"Établissement connu le plus proche de {site.near} : {town}, à {told}")
