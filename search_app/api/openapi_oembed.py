"""The operation of ``/oembed``, and the schema of its answer."""

from typing import Any, Final

Schema = dict[str, Any]
OEMBED_PATH: Final = "/oembed"  # of search_app/pages/widgets, which stands above this layer; a test compares them
LARGEST: Final = 10_000
_TEXT: Final[Schema] = {"type": "string"}
_PIXELS: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": LARGEST}
OEMBED_SCHEMA: Final[Schema] = {
    "type": "object",
    "required": ["version", "type", "provider_name", "provider_url", "title", "html", "width", "height", "cache_age"],
    "properties": {
        "version": {"const": "1.0"}, "type": {"const": "rich"}, "provider_name": _TEXT, "provider_url": _TEXT,
        "title": _TEXT, "html": _TEXT, "width": _PIXELS, "height": _PIXELS, "cache_age": {"type": "integer"},
    },
}  # fmt: skip


def oembed_operation(error: Schema, answer: Schema) -> Schema:
    """Return the operation; ``error`` and ``answer`` refer to their schemas."""

    def refused(description: str) -> Schema:
        return {"description": description, "content": {"application/json": {"schema": error}}}

    return {
        "operationId": "describeFrame",
        "summary": "Le cadre d’une recherche ou d’une offre de ce site, au format oEmbed 1.0.",
        "parameters": [
            _parameter("url", "Adresse d’une recherche ou d’une offre de ce site.", _TEXT, required=True),
            _parameter("maxwidth", "Largeur du cadre au plus, en pixels.", _PIXELS),
            _parameter("maxheight", "Hauteur du cadre au plus, en pixels.", _PIXELS),
            _parameter("format", "Seul json est servi.", {"enum": ["json"]}),
            _parameter("accent", "Couleur du cadre : trois ou six chiffres hexadécimaux.", _TEXT),
            _parameter("corners", "Coins du cadre.", {"enum": ["soft", "square", "round"]}),
            _parameter("scheme", "Mode de couleurs du cadre.", {"enum": ["auto", "light", "dark"]}),
        ],
        "responses": {
            "200": {"description": "Le cadre.", "content": {"application/json": {"schema": answer}}},
            "304": {"description": "Rien n’a changé (If-None-Match)."},
            "400": refused("Au moins un paramètre est incorrect ; tous sont nommés."),
            "404": refused("L’adresse n’est pas celle d’une recherche ou d’une offre de ce site."),
            "429": refused("Trop de requêtes ; voir Retry-After."),
            "501": refused("Un autre format que json est demandé."),
            "503": refused("Le moteur de recherche ne répond pas, ou pas en entier ; voir Retry-After."),
        },
    }


def _parameter(name: str, description: str, schema: Schema, *, required: bool = False) -> Schema:
    row: Schema = {"name": name, "in": "query", "description": description, "schema": schema}
    return row | {"required": True} if required else row
