"""Contact data of a stored offer: contacts of a session precede those of the provider."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from search_app.text import wording

Stored = Mapping[str, Any]
MOST_TOLD: Final = 3  # numbers or addresses


def phones_of(stored: Stored, session: Stored | None = None) -> list[str]:
    """Return the telephone numbers, those of the session first, each once."""
    numbers = (number for contact in _contacts(stored, session) for number in contact.get("phones") or ())
    return list(dict.fromkeys(wording.phone(number) for number in numbers))[:MOST_TOLD]


def mails_of(stored: Stored, session: Stored | None = None) -> list[str]:
    """Return the mail addresses, those of the session first, each once."""
    addresses = (contact["email"] for contact in _contacts(stored, session) if contact.get("email"))
    return list(dict.fromkeys(addresses))[:MOST_TOLD]


def _contacts(stored: Stored, session: Stored | None) -> Iterator[Stored]:
    groups = [
        (session or {}).get("contacts"),
        (stored.get("detail") or {}).get("contacts"),
        (stored.get("provider") or {}).get("contacts"),
        *(trainer.get("contacts") for trainer in stored.get("trainers") or ()),
        stored.get("places"),  # last: people there may not handle registration
    ]
    return (contact for contacts in groups for contact in contacts or ())
