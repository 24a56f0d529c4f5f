"""The mails of the demonstration, which are displayed instead of being sent."""

from base64 import b64decode
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.model import Record
from alerts.store import fetch_one, of_kind, search
from search_app.alerts.pages import MAILS, SHEETS
from search_app.base.errors import NotFound
from search_app.base.settings import Settings
from search_app.pages.shared.layout import Layout, Link, Page, to_freshness
from search_app.pages.shared.render import HTML, respond_private
from search_app.search.service import services_of
from search_app.text import wording

MOST_SHOWN: Final = 30
COMMAND: Final = ".venv/bin/python -m indexer alerts send"
# The styles of a mail stand in its elements; nothing else of it is allowed to do anything.
MAIL_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class ShownMail:
    """One mail: its headers, and its text line by line, lines that are addresses with their link."""

    recipient: str
    subject: str
    sent: str
    html_href: str
    lines: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class MailsPage(Page):
    """The mails, the newest first; ``command`` sends those about news, with links to this very app."""

    mails: tuple[ShownMail, ...]
    command: str


def demonstration_routes() -> list[Route]:
    """Return the routes of the page of mails, which exist in the demonstration alone."""
    return [Route(MAILS, mails), Route(MAILS + "/{id}", html)]


async def mails(request: Request) -> Response:
    """Display the newest mails as text."""
    engine = services_of(request).engine
    found = await engine.run(search(engine.names, of_kind("shown"), MOST_SHOWN))
    shown = tuple(_shown(each.id, each.record) for each in found)
    settings = services_of(request).settings
    freshness = to_freshness(services_of(request).reference.source_states(settings.current_day()))
    layout = Layout("Courriels de la démonstration", indexed=False, freshness=freshness, sheets=SHEETS)
    page = MailsPage(layout, shown, send_command(settings))
    return respond_private(request, "alerts/mails.html", page)


async def html(request: Request) -> Response:
    """Send the HTML of a mail as a mail program gets it."""
    engine = services_of(request).engine
    found = await engine.run(fetch_one(engine.names, request.path_params["id"]))
    if found is None or found.record.kind != "shown":
        raise NotFound("Ce courriel n’existe pas, ou plus.")
    headers = {"Content-Security-Policy": MAIL_POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(_part(_parse(found.record), "html"), headers=headers, media_type=HTML)


def send_command(settings: Settings) -> str:
    """Return the command that sends what came, with links to this very app."""
    named = ["BOUSSOLE_DEMONSTRATION=true"]
    if settings.public_url:
        named.append(f"BOUSSOLE_PUBLIC_URL={settings.public_url}")
    elif settings.port != Settings.model_fields["port"].default:
        named.append(f"BOUSSOLE_PORT={settings.port}")
    return " ".join([*named, COMMAND])


def _parse(record: Record) -> EmailMessage:
    return message_from_bytes(b64decode(record.message or ""), policy=policy.default)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _shown(record_id: str, record: Record) -> ShownMail:
    message = _parse(record)
    lines = (Link(line, line.strip() if _is_address(line) else "") for line in _part(message, "plain").splitlines())
    sent = wording.moment(record.created_at or "")
    return ShownMail(str(message["To"]), str(message["Subject"]), sent, f"{MAILS}/{record_id}", tuple(lines))


def _is_address(line: str) -> bool:
    return line.strip().startswith(("http://", "https://"))
