"""French wording of figures: no-break spaces, apostrophes, plurals, prices, ages."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from mappings.days import UNKNOWN, parse_day
from search_app.base.settings import PARIS
from search_app.text.casing import cased
from search_app.text.dates import french_day

NBSP: Final = "\u00a0"
THIN: Final = "\u202f"  # narrow no-break space, between thousands
# The rule is about who pays, not about admission: an adviser has to agree, and some offers are for employees only.
FREE: Final = "Gratuite si demandeur d’emploi, sous conditions"
UNNAMED: Final = "Organisme non nommé"  # shown in the place of an unknown provider’s name
_BEFORE = re.compile(r"(?<![ \u202f])[ \u202f]++(?=[;:!?»€%])")
_ELIDES = re.compile(r"[aàâäeéèêëiîïoôöuùûüœæ]|y(?![aeiouéè])", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W_])")
_AFTER = re.compile(r"«[ \u202f]*")


def typeset(text: str) -> str:
    """Return a text with no-break spaces before high punctuation, and with typographic apostrophes.

    >>> typeset("Quand ? « L'anglais : niveau 1 »").replace(NBSP, "_")
    'Quand_? «_L’anglais_: niveau 1_»'
    """
    return _APOSTROPHE.sub("’", _AFTER.sub("«" + NBSP, _BEFORE.sub(NBSP, text)))


def curved(text: str) -> str:
    """Return a text with typographic apostrophes: official tables have straight ones.

    >>> curved("Provence-Alpes-Côte d'Azur")
    'Provence-Alpes-Côte d’Azur'
    """
    return text.replace("'", "’")


def provider(name: str | None, trainer: str | None = None) -> str | None:
    """Return the provider's name cased for reading, else the delivering provider's, None if neither has one.

    >>> provider("ECOLE DES METIERS"), provider(None, "GRETA Sud"), provider(None)
    ('École des métiers', 'GRETA Sud', None)
    """
    told = name or trainer
    return cased(told) if told else None


def provider_line(name: str | None, trainer: str | None = None) -> str:
    """Return the same, or UNNAMED."""
    return provider(name, trainer) or UNNAMED


def free(audience: Sequence[str]) -> str:
    """Return the label of an offer that a public funder pays; an offer for employees only is not for job seekers.

    The audience labels decide, because audience codes change meaning between versions.

    >>> free(["Salarié"]), free(["Salarié", "Demandeur d’emploi"]) == FREE, free([]) == FREE
    ('Payée par un financeur public ; offre annoncée pour : Salarié', True, True)
    """
    if audience and all("salarié" in each.casefold() and "demandeur" not in each.casefold() for each in audience):
        return f"Payée par un financeur public ; offre annoncée pour : {', '.join(audience)}"
    return FREE


@lru_cache(maxsize=4096)  # a page of results formats four hundred numbers, most of them small
def number(value: float) -> str:
    """Return a number in French notation.

    >>> number(1234567).replace(THIN, "_"), number(12.5), number(3.0)
    ('1_234_567', '12,5', '3')
    """
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    return text.replace(",", THIN).replace(".", ",")


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its noun; in French zero and one take the singular.

    >>> counted(0, "offre", "offres"), counted(2, "offre", "offres")
    ('0\xa0offre', '2\xa0offres')
    """
    return f"{number(count)}{NBSP}{one if count < 2 else many}"


def the_offers(total: int) -> str:
    """Return what a link to all offers leads to.

    >>> the_offers(1), the_offers(2)
    ('l’offre', 'les 2\xa0offres')
    """
    return "l’offre" if total == 1 else f"les {counted(total, 'offre', 'offres')}"


def euros(amount: float) -> str:
    """Return a price in euros, with cents only if there are any.

    >>> euros(1234.5).replace(THIN, "_"), euros(900)
    ('1_234,50\xa0€', '900\xa0€')
    """
    text = f"{amount:,.2f}" if amount % 1 else f"{amount:,.0f}"
    return text.replace(",", THIN).replace(".", ",") + NBSP + "€"


def hours(value: float) -> str:
    """Return a duration in hours.

    >>> hours(455.0)
    '455\xa0h'
    """
    return f"{number(value)}{NBSP}h"


def kilometres(distance: float) -> str:
    """Return a distance, rounded for display.

    >>> kilometres(0.3), kilometres(4.24), kilometres(31.7)
    ('moins de 1\xa0km', '4,2\xa0km', '32\xa0km')
    """
    if distance < 1:
        return f"moins de 1{NBSP}km"
    return f"{number(round(distance, 1) if distance < 10 else round(distance))}{NBSP}km"


def point(lat: float, lon: float) -> str:
    """Return a latitude and a longitude with decimal commas.

    >>> point(43.93, -2.148)
    '43,93\xa0; -2,148'
    """
    return f"{lat:g}{NBSP}; {lon:g}".replace(".", ",")


def ago(days: int) -> str:
    """Return an age in days in words.

    >>> ago(0), ago(1), ago(12), ago(70), ago(800)
    ('aujourd’hui', 'hier', 'il y a 12\xa0jours', 'il y a 2\xa0mois', 'il y a 2\xa0ans')
    """
    if days < 2:
        return "hier" if days == 1 else "aujourd’hui"
    if days < 60:
        return f"il y a {days}{NBSP}jours"
    return f"il y a {days // 30}{NBSP}mois" if days < 730 else f"il y a {days // 365}{NBSP}ans"


def of(name: str) -> str:
    """Return a proper name after « de », elided before a vowel; before h « de » is kept, which is never wrong.

    >>> of("Albi (81)"), of("Yvetot"), of("Yenne"), of("Le Havre"), of("Les Sables-d’Olonne"), of("Hyères")
    ('d’Albi (81)', 'd’Yvetot', 'de Yenne', 'du Havre', 'des Sables-d’Olonne', 'de Hyères')
    """
    for article, merged in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return merged + name.removeprefix(article)
    return f"d’{name}" if _ELIDES.match(name) else f"de {name}"


def at(name: str) -> str:
    """Return a place's name after « à ».

    >>> at("Strasbourg (67)"), at("Le Havre"), at("Les Sables-d’Olonne")
    ('à Strasbourg (67)', 'au Havre', 'aux Sables-d’Olonne')
    """
    for article, merged in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return merged + name.removeprefix(article)
    return f"à {name}"


def moment(text: str) -> str:
    """Return an ISO date-time as day and hour in metropolitan France; any other text unchanged.

    >>> moment("2026-11-23T03:12:40+00:00")
    '23 novembre 2026 à 4\xa0h\xa012'
    """
    try:
        local = datetime.fromisoformat(text).astimezone(PARIS)
    except ValueError:
        return text
    return f"{french_day(local.date())} à {local.hour}{NBSP}h{NBSP}{local.minute:02}"


@lru_cache(maxsize=4096)  # an export repeats a provider's number on each of its lines
def phone(text: str) -> str:
    """Return a French telephone number in pairs of digits, any other text unchanged.

    >>> phone("0563000000"), phone("+33 5 63 00 00 00"), phone("3949")
    ('05\xa063\xa000\xa000\xa000', '05\xa063\xa000\xa000\xa000', '3949')
    """
    digits = re.sub(r"^(\+33|0033)\s*(\(0\))?", "0", text.strip())
    digits = re.sub(r"[\s.\-]", "", digits)
    if not re.fullmatch(r"0\d{9}", digits):
        return text
    return NBSP.join(digits[start : start + 2] for start in range(0, 10, 2))


def stamp(text: str) -> str:
    """Return an ``AAAAMMJJ`` text as a French date at its precision.

    Other texts, and dates that the loader treats as unknown, are returned unchanged: they are displayed as stated.

    >>> stamp("20270301"), stamp("20270300"), stamp("20270000"), stamp("99999999"), stamp("en mars")
    ('1er mars 2027', 'mars 2027', '2027', 'date non précisée', 'en mars')
    >>> stamp("99991231"), stamp("00010101"), stamp("20270231")
    ('99991231', '00010101', '20270231')
    """
    if text in UNKNOWN:
        return "date non précisée"
    day = parse_day(text)
    return text if day.first is None else french_day(day.first, day.precision)


def stated_day(text: str | None) -> str | None:
    """Return an ``AAAAMMJJ`` text in French, None if it means "unknown"."""
    return None if not text or text.isspace() or text in ("00000000", "99999999") else stamp(text)


def stated_period(start_text: str | None, end_text: str | None) -> str | None:
    """Return two ``AAAAMMJJ`` texts as a period, None if both mean "unknown".

    >>> stated_period("20270303", "20270425"), stated_period(None, "20270425"), stated_period("00000000", "99999999")
    ('du 3 mars 2027 au 25 avril 2027', 'jusqu’au 25 avril 2027', None)
    """
    first, last = stated_day(start_text), stated_day(end_text)
    if first and last:
        return f"du {first} au {last}"
    return f"à partir du {first}" if first else f"jusqu’au {last}" if last else None
