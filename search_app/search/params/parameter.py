"""A query parameter, and the kinds of parameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from search_app.search.facets import UNTOLD, AtLeast, CodePattern, Facet, Texts
from search_app.search.params import values

MOST_WORDS: Final = 9  # labels told one by one; a longer list stands on the page anyway
MOST_CODES: Final = 30  # codes listed one by one


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter: how its text is read, what is allowed (French), and its JSON Schema.

    ``plain`` is what is allowed for readers of pages: labels in the place of codes; empty where ``allowed`` has none.
    """

    name: str
    read: Callable[[str], Any]
    allowed: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    many: bool = False
    example: str = ""
    plain: str = ""


def choice(name: str, codes: Mapping[str, str], description: str, *, many: bool = True, example: str = "") -> Parameter:
    """Return a parameter with the codes of a closed table: code -> French label."""
    allowed = ", ".join(codes) if len(codes) <= MOST_CODES else f"un code de la liste ({len(codes)} codes)"
    schema = {"type": "string", "enum": list(codes)}
    return Parameter(name, values.choice_reader(codes), allowed, description, schema, many, example, in_words(codes))


def in_words(codes: Mapping[str, str]) -> str:
    """Return the allowed values for readers of pages: the labels, unless there are many."""
    return ", ".join(codes.values()) if len(codes) <= MOST_WORDS else "un choix de la liste"


def code(name: str, pattern: str, allowed: str, description: str, example: str) -> Parameter:
    """Return a repeatable parameter with codes of a form."""
    schema = {"type": "string", "pattern": f"^({pattern})$"}
    return Parameter(name, values.pattern_reader(pattern), allowed, description, schema, True, example)


def text(name: str, longest: int, description: str, example: str) -> Parameter:
    """Return a repeatable parameter with texts."""
    schema = {"type": "string", "maxLength": longest}
    read = values.text_reader(longest)
    return Parameter(name, read, f"{longest} caractères au plus", description, schema, True, example)


def or_untold(parameter: Parameter) -> Parameter:
    """Return a parameter that also takes UNTOLD: offers without a value."""
    schema, read = dict(parameter.schema), parameter.read
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], UNTOLD]
    elif "pattern" in schema:
        schema["pattern"] = f"{schema['pattern']}|^{UNTOLD}$"
    return replace(
        parameter,
        read=lambda text: UNTOLD if text == UNTOLD else read(text),
        allowed=f"{parameter.allowed}, ou {UNTOLD}",
        description=f"{parameter.description} {UNTOLD} : sans valeur.",
        schema=schema,
    )


def number(name: str, least: float, most: float, description: str, example: str) -> Parameter:
    """Return a parameter with one decimal number."""
    schema = {"type": "number", "minimum": least, "maximum": most}
    allowed = f"un nombre de {least:.10g} à {most:.10g}"
    plain = allowed.replace(".", ",")
    return Parameter(name, values.number_reader(least, most), allowed, description, schema, False, example, plain)


def integer(name: str, least: int, most: int, description: str, example: str) -> Parameter:
    """Return a parameter with one integer."""
    schema = {"type": "integer", "minimum": least, "maximum": most}
    allowed = f"un nombre entier de {least} à {most}"
    return Parameter(name, values.integer_reader(least, most), allowed, description, schema, False, example)


def integer_or_word(
    name: str, least: int, most: int, words: Sequence[str], description: str, example: str
) -> Parameter:
    """Return a parameter with one integer or one of some words."""
    schema = {"anyOf": [{"type": "integer", "minimum": least, "maximum": most}, {"type": "string", "enum": [*words]}]}
    allowed = f"un nombre entier de {least} à {most}, {', '.join(words)}"
    read = values.integer_or_word_reader(least, most, words)
    return Parameter(name, read, allowed, description, schema, False, example, f"un nombre entier de {least} à {most}")


def day(name: str, description: str, example: str) -> Parameter:
    """Return a parameter with one ISO date."""
    schema = {"type": "string", "format": "date"}
    allowed, plain = (f"une date {form}, de 1900 à 2200" for form in ("AAAA-MM-JJ", "JJ/MM/AAAA"))
    return Parameter(name, values.read_day, allowed, description, schema, False, example, plain)


def flag(name: str, description: str) -> Parameter:
    """Return a parameter that is true or false."""
    schema = {"type": "boolean"}
    return Parameter(name, values.read_flag, "true ou false", description, schema, False, "true", "oui ou non")


def parameter_of(facet: Facet) -> Parameter:
    """Return the parameter of a facet; raises ValueError if it rejects the example of its row."""
    kinds, about = facet.values, (facet.description, facet.example)
    if isinstance(kinds, AtLeast):
        parameter = integer_or_word(facet.param, 1, kinds.most, tuple(kinds.words), *about)
    elif isinstance(kinds, CodePattern):
        parameter = code(facet.param, kinds.pattern, kinds.allowed, *about)
    elif isinstance(kinds, Texts):
        parameter = text(facet.param, kinds.longest, *about)
    else:
        parameter = choice(facet.param, kinds.labels, facet.description, example=facet.example)
    if facet.untold:
        parameter = or_untold(parameter)
    try:
        parameter.read(facet.example)
    except ValueError as error:
        raise ValueError(f"facet {facet.param!r}: its example {facet.example!r} is no value of it: {error}") from error
    return parameter
