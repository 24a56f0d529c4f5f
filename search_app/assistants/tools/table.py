"""The tools, one row each. Every client sends the whole list to its model: it is as short as it can be."""

from collections.abc import Mapping
from typing import Final

from search_app.assistants.tools.answer import Tool
from search_app.assistants.tools.count_offers import count_offers
from search_app.assistants.tools.find_code import find_code
from search_app.assistants.tools.get_offer import NAMES, get_offer
from search_app.assistants.tools.search_arguments import to_schema
from search_app.assistants.tools.search_documents import find_documents
from search_app.assistants.tools.search_offers import search_offers
from search_app.assistants.tools.seats_history import seats_history
from search_app.documents.labels import KIND_LABELS

_TEXT: Final = {"type": "string"}

_ROWS: Final = (
    Tool(
        "search_offers",
        "Offres de formation : total exact, sessions, places restantes, qui paie. Toutes les conditions valent pour "
        "une même session.",
        to_schema(),
        search_offers,
    ),
    Tool(
        "get_offer",
        "Une offre par sa clé.",
        {
            "type": "object",
            "properties": {"key": _TEXT, "sections": {"type": "array", "items": {"type": "string", "enum": [*NAMES]}}},
            "required": ["key"],
        },
        get_offer,
    ),
    Tool(
        "find_code",
        "Code d’un libellé. kind : rome, domain, rncp, provider, place, funder, audience, nsf…",
        {"type": "object", "properties": {"kind": _TEXT, "text": _TEXT}, "required": ["kind", "text"]},
        find_code,
    ),
    Tool(
        "count_offers",
        "Compte par valeur de by (region, department, domain, funder, mode, level…) ; mêmes filtres que search_offers.",
        {"type": "object", "properties": {"by": _TEXT}, "required": ["by"], "additionalProperties": True},
        count_offers,
    ),
    Tool(
        "search_documents",
        "Fiches, textes officiels, guides, actualités.",
        {
            "type": "object",
            "properties": {
                **dict.fromkeys(("q", "place", "rome", "domain", "funder"), _TEXT),
                "kind": _TEXT | {"enum": [*KIND_LABELS]},
            },
        },
        find_documents,
    ),
    Tool(
        "seats_history",
        "Chiffres de places d’une session, 30 jours.",
        {"type": "object", "properties": {"session": _TEXT}, "required": ["session"]},
        seats_history,
    ),
)
TOOLS: Final[Mapping[str, Tool]] = {row.name: row for row in _ROWS}
