"""Fields of a form, as ``templates/components/fields.html`` displays them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search_app.pages.search.facet_lists import FacetList
from search_app.pages.search.presets import Presets
from search_app.text.wording import typeset


@dataclass(frozen=True, slots=True)
class TextField:
    """A text field; ``kind`` is the type of the input.

    ``suggest`` is the address of its completions, from that many letters on; ``locates``: it accepts a position.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    error: str | None = None
    kind: str = "text"
    unit: str = ""
    suggest: str = ""
    suggest_from: int = 2
    locates: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select field."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class SelectField:
    """A select field."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A checkbox; it sends ``true``."""

    name: str
    label: str
    checked: bool
    error: str | None = None


def given_text(
    name: str,
    labels: Mapping[str, str],
    given: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
    suggest: str = "",
) -> TextField:
    """Return a text field with its first given value, valid or not."""
    value = given.get(name, ("",))[0]
    return TextField(name, typeset(labels[name]), value, error=errors.get(name), suggest=suggest)


Field = TextField | SelectField | Tick | FacetList | Presets
