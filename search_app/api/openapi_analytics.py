"""The query module in the OpenAPI document."""

from collections.abc import Callable
from typing import Any, Final

from search_app.analytics.history import KEPT, MOST_DAYS
from search_app.analytics.history import VOCABULARY as OF_HISTORY
from search_app.analytics.measures import MEASURES
from search_app.analytics.query import IGNORED, VOCABULARY
from search_app.api.analytics import HISTORY, OVERLAPS, PATH, WHITE_AREAS
from search_app.exports.tables.routes import FORMS
from search_app.exports.tables.routes import IGNORED as NOT_IN_FILES
from search_app.search.params import PARAMETERS, Parameter

Schema = dict[str, Any]
SUMMARY: Final = "Offres, sessions, places et prix par lignes et colonnes, sur tous les filtres de la recherche."
OF_PLACES: Final = frozenset(("lat", "lon", "remote"))
_TEXT: Final[Schema] = {"type": "string"}
_MAY_BE_NULL: Final[Schema] = {"type": ["string", "null"]}
_NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}


def analytics_paths(operation: Callable[..., Schema], parameter: Callable[[Parameter], Schema]) -> Schema:
    """Return the paths of the query module; the two functions make an operation and a parameter."""
    rows = {name: parameter(row) for name, row in VOCABULARY.items() if name not in IGNORED}
    search = {name: parameter(row) for name, row in PARAMETERS.items() if name not in IGNORED}
    files = {f"{PATH}.{kind}": {"get": _file(operation, kind, form.media_type, rows)} for kind, form in FORMS.items()}
    white = operation(
        "listWhiteAreas", "Communes sans offre sur place à moins de radius km de leur centre.", "WhiteAreas",
        [row for name, row in search.items() if name not in OF_PLACES],
    )  # fmt: skip
    del white["responses"]["304"]
    overlapping = operation(
        "listOverlaps", "Même certification, même zone d’emploi, même trimestre, chez deux organismes ou plus.",
        "Overlaps", [*search.values()],
    )  # fmt: skip
    kept = operation(
        "measuresByDay", "Mesures gardées de chaque jour, du plus ancien au plus récent.", "MeasureHistory",
        [*map(parameter, OF_HISTORY.values())],
    )  # fmt: skip
    of_files = [row for name, row in search.items() if name not in NOT_IN_FILES]
    of_areas = [row for row in of_files if row["name"] not in OF_PLACES]
    all_areas = _csv(operation, "exportWhiteAreas", "Toutes les communes sans offre sur place, en CSV.", of_areas)
    all_overlaps = _csv(operation, "exportOverlaps", "Tous les cas de même certification, en CSV.", of_files)
    files |= {f"{WHITE_AREAS}.csv": {"get": all_areas}, f"{OVERLAPS}.csv": {"get": all_overlaps}}
    return {
        PATH: {"get": operation("pivotOffers", SUMMARY, "Pivot", [*rows.values()])},
        **files,
        WHITE_AREAS: {"get": white},
        OVERLAPS: {"get": overlapping},
        HISTORY: {"get": kept},
    }


def _file(operation: Callable[..., Schema], kind: str, media_type: str, rows: Schema) -> Schema:
    summary = f"Toutes les cases d’un tableau en {kind.upper()}, une par ligne."
    asked = [row for name, row in rows.items() if name not in NOT_IN_FILES]
    return _sent_as(operation(f"exportPivot{kind.title()}", summary, "Pivot", asked), media_type)


def _csv(operation: Callable[..., Schema], name: str, summary: str, asked: list[Schema]) -> Schema:
    return _sent_as(operation(name, summary, "Pivot", asked), FORMS["csv"].media_type)


def _sent_as(operation: Schema, media_type: str) -> Schema:
    operation["responses"]["200"]["content"] = {media_type: {"schema": _TEXT}}
    del operation["responses"]["304"]
    return operation


def analytics_schemas() -> Schema:
    """Return the schemas of the answers."""
    measures = _object({name: {"type": ["number", "null"]} for name in MEASURES}, required=())
    line = {"measures": measures, "search": _TEXT}
    row = _object({"value": _MAY_BE_NULL, "label": _TEXT, **line, "previous": measures}, but=("previous",))
    cell = _object({"row": _MAY_BE_NULL, "column": _MAY_BE_NULL, **line, "previous": measures}, but=("previous",))
    measure = _object({"name": _TEXT, "label": _TEXT, "unit": _TEXT, "additive": {"type": "boolean"}})
    window = _object({"start_from": _MAY_BE_NULL, "start_to": _MAY_BE_NULL})
    pivot = {
        "total": measures, "previous": measures, "compared_with": window, "search": _TEXT, "measures": _list(measure),
        "rows": _list(row), "columns": _list(row), "cells": _list(cell), "row_count": _NUMBER, "page": _NUMBER,
        "size": _NUMBER, "pages": _NUMBER,
    }  # fmt: skip
    degrees: Schema = {"type": "number"}
    area = {"insee": _TEXT, "label": _TEXT, "population": _NUMBER, "remote": _NUMBER, "lat": degrees, "lon": degrees}
    areas = {"total": _NUMBER, "radius": degrees, "population": _NUMBER, "communes": _NUMBER}
    names = ("rncp", "rncp_label", "employment_zone", "zone_label", "quarter", "quarter_label", "search")
    body = _object({"siren": _TEXT, "name": _TEXT})
    funder = _object({"value": _MAY_BE_NULL, "label": _TEXT})
    overlap = {**dict.fromkeys(names, _TEXT), "offers": _NUMBER, "providers": _list(body), "funders": _list(funder)}
    pages = dict.fromkeys(("total", "page", "size", "pages"), _NUMBER)
    kept = _object({each.name: {"type": ["number", "null"]} for each in KEPT})
    day = _object({"day": {"type": "string", "format": "date"}, "measures": kept})
    return {
        "Pivot": _object(pivot, but=("previous", "compared_with")),
        "WhiteAreas": _object({**areas, "areas": _list(_object(area))}),
        "Overlaps": _object({"overlaps": _list(_object(overlap)), **pages}),
        "MeasureHistory": _object({"days": {**_list(day), "maxItems": MOST_DAYS}, "measures": _list(measure)}),
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: Schema, *, required: tuple[str, ...] | None = None, but: tuple[str, ...] = ()) -> Schema:
    needed = [name for name in properties if name not in but] if required is None else [*required]
    return {"type": "object", "additionalProperties": False, "required": needed, "properties": properties}
