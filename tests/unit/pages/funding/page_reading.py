"""Reading an answered page in tests: elements by class, and their text without what typography adds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import html


def tree(answer: Any) -> Any:
    """Return the page of an answer."""
    return html.fromstring(answer.content.decode())


def of_class(page: Any, name: str) -> list[Any]:
    """Return the elements with a class."""
    return list(page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"))


def said(elements: Iterable[Any]) -> str:
    """Return the text of elements, with plain spaces."""
    text = " ".join(" ".join(map(str, element.itertext())) for element in elements)
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


def of(page: Any, name: str) -> str:
    """Return the text of the elements with a class."""
    return said(of_class(page, name))
