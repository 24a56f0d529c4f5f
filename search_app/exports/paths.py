"""Addresses of the exports in pages and API document, and their French descriptions."""

from typing import Final

CALENDAR: Final = "/api/v1/offers.ics"
CALENDAR_SUMMARY: Final = (
    "Les sessions d’une recherche en calendrier (iCalendar), au jour ou au mois où elles commencent ; celles à venir,"
    " sauf avec upcoming=false."
)
FEED: Final = "/api/v1/offers.atom"
FEED_SUMMARY: Final = "Les 100 offres dont quelque chose est arrivé en dernier, elles-mêmes ou une session (Atom)."
