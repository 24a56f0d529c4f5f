"""The site's contact (BOUSSOLE_CONTACT), and the error report on an offer."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

from search_app.pages.offer.facts import Value, mail_link, web_link


def to_site_contact(text: str) -> Value | None:
    """Return a mail address or the address of a page as a link, other texts unchanged, None for none.

    >>> to_site_contact("aide@boussole.example").href, to_site_contact("Aide <aide@boussole.example>").href
    ('mailto:aide@boussole.example', 'mailto:aide@boussole.example')
    >>> to_site_contact("https://a.example/@aide").href, to_site_contact("0 800 00 00 00").href, to_site_contact(" ")
    ('https://a.example/@aide', None, None)
    """
    text = text.strip()
    if not text:
        return None
    address = re.fullmatch(r"(?:mailto:)?([^\s<>]+)|[^<>]*<([^\s<>]+)>", text, re.IGNORECASE)
    mail = mail_link(address[1] or address[2]) if address else Value(text)
    return mail if mail.href else web_link(text)


def to_report(contact: Value | None, about: str, key: str, url: str) -> Value | None:
    """Return the link for an error report: a mail ``about`` the offer, with its ``url``."""
    return with_message(contact, f"Erreur dans l’offre {key}", (about, url, "", "Ce qui est faux :"))


def with_message(contact: Value | None, subject: str, lines: Sequence[str]) -> Value | None:
    """Return a mail address with subject and body, any other contact unchanged."""
    if contact is None or not (contact.href or "").startswith("mailto:"):
        return contact
    # line end in mail addresses (RFC 6068)
    message = {"subject": subject, "body": "".join(f"{line}\r\n" for line in lines)}
    return replace(contact, href=f"{contact.href}?{urlencode(message, quote_via=quote)}")
