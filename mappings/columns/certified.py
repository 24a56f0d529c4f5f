"""Which registers the certifications of an offer are in: RNCP, a block of one, RS, CléA."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mappings.codes import lheo_table

CLEA_RS: Final = "5080"
CLEA_CERTIFINFO: Final = "84482"
NONE: Final = ["none"]
ALL_BLOCKS: Final = "1"  # « Totale : tous les blocs » in the table of validations


def certification_kinds(offer: Mapping[str, Any]) -> list[str]:
    """Return the kinds of a stored offer's certifications, NONE if it was told that there is none, else no kind.

    A certification that is in neither register by its codes makes the list incomplete: then it is not told, unless
    another one is known.

    >>> certification_kinds({"certifications": [{"rncp": "4911"}, {"rs": "5080"}]})
    ['clea', 'rncp']
    >>> certification_kinds({"certifying": False}), certification_kinds({"certifications": [{"certifinfo": "1"}]})
    (['none'], [])
    """
    told = [*offer.get("certifications", ()), *_of_sessions(offer)]
    kinds = {kind for each in told if (kind := _kind(each))}
    if any(_is_partial(skills) for session in offer.get("sessions", ()) for skills in session.get("skills", ())):
        kinds.add("block")
    if not kinds and not told and offer.get("certifying") is False:
        return NONE
    return sorted(kinds)


def _of_sessions(offer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for session in offer.get("sessions", ()):
        yield from session.get("certifications", ())
        for skills in session.get("skills", ()):
            yield from skills.get("certifications", ())


def _kind(certification: Mapping[str, Any]) -> str | None:
    if certification.get("rs") == CLEA_RS or certification.get("certifinfo") == CLEA_CERTIFINFO:
        return "clea"
    return "rncp" if "rncp" in certification else "rs" if "rs" in certification else None


def _is_partial(skills: Mapping[str, Any]) -> bool:
    """Tell whether a session prepares single blocks of a certification."""
    all_blocks = lheo_table("dict-type-validation-blocs")[ALL_BLOCKS]
    return bool(skills.get("blocks")) and skills.get("validation") != all_blocks
