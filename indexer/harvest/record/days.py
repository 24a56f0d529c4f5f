"""Dates of sources: many forms, each with what it really says."""

import email.utils
import re
from datetime import UTC, date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

YEARS: Final = range(1800, 2201)
FRANCE: Final = ZoneInfo("Europe/Paris")  # a moment is of the day that it was in France
ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?)\s?(Z|[+-]\d\d:?\d\d)?)?")
FRENCH: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
WORDS: Final = re.compile(r"(?:\w{1,12} )?(\d{1,2})(?:er)? ([a-zéûôA-Z]{1,12})\.? (\d{4})")
YEAR: Final = re.compile(r"(?:cop\.? ?|dl ?|impr\.? ?|\[)?(\d{4})(?:-(\d\d))?\]?", re.I)
MONTHS: Final = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")


class Moment(NamedTuple):
    """What a date says: its day if it says one, its year, and the moment if it says the time, in UTC."""

    day: date | None
    year: int
    moment: datetime | None = None


def parse_moment(text: str | None) -> Moment | None:
    """Return what a date of a source says, None if it is none or an impossible one.

    >>> parse_moment("2026-03-02")
    Moment(day=datetime.date(2026, 3, 2), year=2026, moment=None)
    >>> parse_moment("2 mars 2026") == parse_moment("02/03/2026") == parse_moment("20260302")
    True
    >>> parse_moment("2026-03-02T23:30:00Z").day, parse_moment("2026").day, parse_moment("2026-02-31")
    (datetime.date(2026, 3, 3), None, None)
    >>> parse_moment("Mon, 02 Mar 2026 10:00:00 +0100").day, parse_moment("bientôt"), parse_moment("cop. 2024").year
    (datetime.date(2026, 3, 2), None, 2024)
    """
    bare = " ".join((text or "").split())[:80]
    try:
        if iso := ISO.fullmatch(bare):
            return _iso(iso)
        if french := FRENCH.fullmatch(bare):
            return _day(int(french[3]), int(french[2]), int(french[1]))
        if re.fullmatch(r"\d{8}", bare):
            return _day(int(bare[:4]), int(bare[4:6]), int(bare[6:]))
        if (words := WORDS.fullmatch(bare)) and (month := _month(words[2])):
            return _day(int(words[3]), month, int(words[1]))
        if (year := YEAR.fullmatch(bare)) and int(year[1]) in YEARS:
            return Moment(None, int(year[1]))
        if "," in bare or ":" in bare:
            moment = email.utils.parsedate_to_datetime(bare)
            return _moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return None


def _iso(found: re.Match[str]) -> Moment | None:
    if not found[4]:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    zone = (found[5] or "Z").replace("Z", "+00:00")
    return _moment(datetime.fromisoformat(f"{found[1]}-{found[2]}-{found[3]}T{found[4]}{zone}"))


def _moment(moment: datetime) -> Moment | None:
    if moment.year not in YEARS:
        return None
    day = moment.astimezone(FRANCE).date()
    return Moment(day, day.year, moment.astimezone(UTC).replace(microsecond=0))


def _day(year: int, month: int, day: int) -> Moment | None:
    return Moment(date(year, month, day), year) if year in YEARS else None


def _month(word: str) -> int | None:
    plain = word.lower().translate(str.maketrans("éûô", "euo"))
    found = [number for number, start in enumerate(MONTHS, start=1) if plain.startswith(start)]
    return found[0] if len(found) == 1 else None
