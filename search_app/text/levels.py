"""Levels in words: what one must have to enter, and what one has at the end."""

from typing import Final

from mappings.codes import LEVEL_NAMES

_AGREEMENT: Final = {"11": "s", "12": "e"}  # endings after the names of levels that are not masculine


def entry_requirement(level: int | None) -> str:
    """Return what one must have to enter; ``level`` is 11 to 18, 0 or None if nothing is demanded.

    >>> entry_requirement(13), entry_requirement(0), entry_requirement(11)
    ('CAP ou BEP exigé', 'Sans diplôme exigé', 'Savoirs de base exigés')
    """
    name = LEVEL_NAMES.get(str(level))
    if name is None:
        return "Sans diplôme exigé"
    return f"{name} exigé{_AGREEMENT.get(str(level), '')}"


def exit_level(level: str | None) -> str | None:
    """Return what the training leads to, None if unknown.

    >>> exit_level("13"), exit_level(None)
    ('→ CAP ou BEP', None)
    """
    return f"→ {LEVEL_NAMES.get(level, level)}" if level else None
