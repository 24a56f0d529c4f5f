"""An export as a graph, and what the shapes of the model say of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import rdflib
from pyshacl import validate

from indexer.elm.bodies import Bodies
from indexer.elm.nodes import Frame
from indexer.elm.write import Report, to_parts

SHAPES = Path(__file__).with_name("shapes.ttl")
SITE = "https://formations.example"
TODAY = date(2026, 11, 23)
ELM = rdflib.Namespace("http://data.europa.eu/snb/model/elm/")
DC = rdflib.Namespace("http://purl.org/dc/terms/")


def exported(documents: Iterable[dict[str, Any]], today: date = TODAY) -> tuple[bytes, Report]:
    """Return the export of stored offers, and its report."""
    report = Report()
    frame = Frame(SITE, today, Bodies(SITE, {"123456789": "Organisme du registre"}), {"326": "Informatique"})
    return b"".join(to_parts(documents, frame, report)), report


def to_graph(document: bytes) -> rdflib.Graph:
    """Parse JSON-LD."""
    with _old_names():
        return rdflib.Graph().parse(data=document, format="json-ld")


def violations(graph: rdflib.Graph) -> str:
    """Return what the shapes say against a graph, "" if nothing."""
    with _old_names():
        conforms, _, text = validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES, format="turtle"))
    return "" if conforms else str(text)


@contextmanager
def _old_names() -> Iterator[None]:
    """Ignore that rdflib's own JSON-LD parser uses names that rdflib deprecates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
