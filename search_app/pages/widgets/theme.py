"""The appearance of a frame: three allow-listed parameters, and the style sheet of an accent."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from search_app.base.errors import BadParameters, Fault
from search_app.pages.widgets.colours import DARK_GROUND, LIGHT_GROUND, parse_colour, readable, text_on, to_hex
from search_app.search.links import Pairs

PREFIX: Final = "/widgets/1"
CONFIGURATOR: Final = "/widgets"
STYLE_SHEET: Final = f"{PREFIX}/theme.css"
SCHEMES: Final = {"auto": "celui du visiteur", "light": "clair", "dark": "sombre"}
CORNERS: Final = {"soft": "un peu arrondis", "square": "droits", "round": "arrondis"}
LONGEST_SHOWN: Final = 100  # characters of a wrong value that are echoed


@dataclass(frozen=True, slots=True)
class Theme:
    """Accent as six hexadecimal digits (empty: the site's own), corners and colour scheme."""

    accent: str = ""
    corners: str = "soft"
    scheme: str = "auto"

    @property
    def pairs(self) -> Pairs:
        """Return the parameters that differ from the defaults."""
        given = (("accent", self.accent), ("corners", self.corners), ("scheme", self.scheme))
        return tuple((name, value) for name, value in given if value != getattr(DEFAULT, name))

    @property
    def sheet(self) -> str | None:
        """Return the address of the accent's style sheet, None for the site's own accent."""
        return f"{STYLE_SHEET}?accent={self.accent}" if self.accent else None

    @property
    def classes(self) -> str:
        """Return the classes of the root element that widget.css knows."""
        return f"{self.scheme} corners-{self.corners}"


DEFAULT: Final = Theme()


def _read_accent(text: str) -> str:
    return to_hex(parse_colour(text)).removeprefix("#")


def _reader(allowed: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError("cette valeur n’est pas dans la liste")
        return text

    return read


_ROWS: Final[Mapping[str, tuple[Callable[[str], str], str]]] = {
    "accent": (_read_accent, "trois ou six chiffres hexadécimaux, par exemple 0b5a66"),
    "corners": (_reader(CORNERS), ", ".join(CORNERS)),
    "scheme": (_reader(SCHEMES), ", ".join(SCHEMES)),
}
NAMES: Final = tuple(_ROWS)


def split_theme(pairs: Iterable[tuple[str, str]]) -> tuple[Theme, Pairs, list[Fault]]:
    """Return the theme, the other pairs, and the faults of the theme; empty values count as missing."""
    given: dict[str, list[str]] = {}
    others: list[tuple[str, str]] = []
    for name, value in pairs:
        if name not in _ROWS:
            others.append((name, value))
        elif value.strip():
            given.setdefault(name, []).append(value.strip())
    faults: list[Fault] = []
    read: dict[str, str] = {}
    for name, values in given.items():
        reader, allowed = _ROWS[name]
        try:
            if len(values) > 1:
                raise ValueError("ce paramètre est répété")
            read[name] = reader(values[0])
        except ValueError as error:
            faults.append(fault_of(name, values[-1], allowed, str(error)))
    return Theme(**read), tuple(others), faults


def read_theme(pairs: Iterable[tuple[str, str]]) -> Theme:
    """Return the theme of an address; raises BadParameters with every fault."""
    theme, _, faults = split_theme(pairs)
    if faults:
        raise BadParameters(faults)
    return theme


def fault_of(name: str, value: str, allowed: str, why: str) -> Fault:
    """Return the fault of one parameter, in the words of the API; widgets are set up by integrators."""
    shown = value[:LONGEST_SHOWN]
    given = f"reçu : « {shown} » ; " if shown else ""
    return Fault(name, shown, allowed, f"{name} : {why} ({given}possible : {allowed}).")


def build_style_sheet(accent: str) -> str:
    """Return the style sheet of an accent; text in it and on it is readable on both grounds of widget.css."""
    colour = parse_colour(accent)
    own = f"--accent:{to_hex(colour)};--on-accent:{to_hex(text_on(colour))}"
    light, dark = (to_hex(readable(colour, ground)) for ground in (LIGHT_GROUND, DARK_GROUND))
    return (
        f":root{{{own};--link:{light}}}"
        f"@media (prefers-color-scheme:dark){{.auto{{--link:{dark}}}}}"
        f".dark{{--link:{dark}}}"
    )
