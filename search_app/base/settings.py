"""Settings of the app, from environment variables with the prefix BOUSSOLE_."""

import re
from datetime import date, datetime
from functools import cached_property
from importlib.util import find_spec
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from alerts.address import parse_address
from alerts.keys import LEAST_CHARACTERS, AlertKeys
from alerts.server import MailServer
from mappings.settings import EngineSettings
from mappings.variables import PREFIX
from search_app.base.proxies import LOOPBACK, Network, parse_proxies
from seats.statements.producers import Producers

PARIS = ZoneInfo("Europe/Paris")
SEATS_OLD_AFTER_DAYS = 7
SHORTEST_KEY = 16  # characters, as of a token of seats
# No character that could end a source of the content security policy and begin another directive.
ANCESTOR = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?")
TILES = re.compile(r"(?P<origin>https?://[A-Za-z0-9.-]+(?::\d+)?)/[^\s\"'<>;,]*")


class Settings(EngineSettings):
    """Settings of the app; each field is BOUSSOLE_<FIELD IN CAPITALS>, an unset one keeps its default."""

    engine_timeout: float = Field(
        default=5.0, gt=0, le=120, description="seconds that the engine may take for a request before it is a 503"
    )
    write_timeout: float = Field(
        default=0, ge=0, le=120, description="the same for a batch of seat statements; 0 is as BOUSSOLE_ENGINE_TIMEOUT"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=1, le=65535, description="port to listen on")
    workers: int = Field(default=1, ge=1, le=64, description="app processes")
    rate_limit: float = Field(default=0, ge=0, description="requests a second and client; 0 is none")
    today: date | None = Field(default=None, description="pretend that it is this day (demonstrations, tests)")
    answer_seconds: float = Field(
        default=0,
        ge=0,
        le=1,
        description="how old an answer about the catalogue may be, shared by all who ask for it; 0 is none",
    )
    demonstration: bool = Field(default=False, description="say on every page that offers and seats are invented")
    stale_after_days: int = Field(default=8, ge=1, description="a source loaded longer ago than this is warned about")
    seats_old_after_days: int = Field(
        default=SEATS_OLD_AFTER_DAYS, ge=0, description="a figure of seats observed longer ago is shown as an old one"
    )
    refresh_seconds: float = Field(
        default=10, gt=0, description="how often code tables and the state of the sources are reread"
    )
    engine_connections: int = Field(
        default=32, ge=1, le=512, description="pooled connections to the engine and process"
    )
    seats_tokens: SecretStr = Field(
        default=SecretStr(""),
        description="who may send seat statements: name:token or name:token:source+source, comma-separated",
    )
    public_url: str = Field(default="", description="address under which the site is reached, for absolute links")
    editor: str = Field(default="", description="who publishes the site, with address: named in the legal notice")
    publisher: str = Field(default="", description="the person who answers for what is published")
    contact: str = Field(default="", description="mail address or web page for questions and rights of readers")
    hosted_by: str = Field(default="", description="who hosts the site, with address and telephone")

    oai_key: SecretStr = Field(
        default=SecretStr(""), description="signs the resumption tokens of /oai, equal in all processes and machines"
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""), description="mail server, smtp:// or smtps://user:password@host:port; empty: no alerts"
    )
    alerts_key: SecretStr = Field(
        default=SecretStr(""),
        validate_default=True,
        description="key of addresses and links of alerts, 32 characters or more; former keys after it, with spaces",
    )
    mail_from: str = Field(
        default="",
        validate_default=True,
        description="sender of mails; empty: boussole@ and the host of public_url",
    )

    tiles_url: str = Field(default="", description="map tiles with {z}, {x} and {y}; empty is a map without them")
    tiles_attribution: str = Field(default="", description="what the terms of the tiles want said on the map (text)")

    widgets_ancestors: str = Field(
        default="*", description="sites that may embed the widgets: * is any, else origins with spaces between them"
    )

    mcp: bool = Field(default=False, description="open POST /mcp to assistants; needs the package boussole[mcp]")

    streams: int = Field(default=2500, ge=0, description="open streams of seats in one process")
    streams_per_client: int = Field(default=100, ge=0, description="open streams of one client; 0 is no limit")
    stream_seconds: float = Field(default=600, gt=0, description="after which a stream ends and the client comes back")

    head_bytes: int = Field(
        default=65_536,
        ge=8_192,
        le=1_048_576,
        description="of request line and headers together; more is a 431",
    )
    head_seconds: float = Field(
        default=10, gt=0, le=600, description="within which the head of a request has to come in whole"
    )
    idle_seconds: int = Field(
        default=5, ge=1, le=600, description="that a connection is kept open for the next request of its client"
    )
    stalled_seconds: float = Field(
        default=60, gt=0, le=3600, description="after which an answer is cut of which the client takes nothing"
    )
    connections: int = Field(default=3000, ge=1, description="open connections of one process")
    connections_per_client: int = Field(default=200, ge=0, description="open connections of one client; 0 is no limit")
    shutdown_seconds: float = Field(
        default=5, gt=0, le=600, description="that answers under way may take to end when the process is to stop"
    )
    trusted_proxies: str = Field(
        default=LOOPBACK,
        description="addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed; none is nobody",
    )
    exports: int = Field(default=32, ge=0, description="exports that are open at once in one process")
    exports_per_client: int = Field(default=16, ge=0, description="open exports of one client; 0 is no limit")
    pivots: int = Field(default=8, ge=0, description="tables of figures worked out at once in one process; 0: no limit")
    pivots_per_client: int = Field(default=4, ge=0, description="the same for one client; 0 is no limit")
    export_seconds: float = Field(
        default=1800, gt=0, description="seconds after which an export is cut that is still read"
    )

    @field_validator("seats_tokens")
    @classmethod
    def _check_tokens(cls, value: SecretStr) -> SecretStr:
        Producers.parse(value.get_secret_value())
        return value

    @field_validator("oai_key")
    @classmethod
    def _check_key(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"{SHORTEST_KEY} characters or more")
        return value

    @field_validator("mcp")
    @classmethod
    def _check_mcp(cls, value: bool) -> bool:
        if value and find_spec("mcp") is None:  # found, not imported
            raise ValueError("the package mcp is missing: pip install 'boussole[mcp]'")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp(cls, value: SecretStr) -> SecretStr:
        if value:
            MailServer.parse(value.get_secret_value())
        return value

    @field_validator("alerts_key")
    @classmethod
    def _check_alerts_key(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if value:
            AlertKeys.parse(value.get_secret_value())
        elif info.data.get("smtp_url"):
            raise ValueError(f"alerts need a key of {LEAST_CHARACTERS} characters or more beside {PREFIX}SMTP_URL")
        return value

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, value: str, info: ValidationInfo) -> str:
        if value:
            parse_address(value)
        if info.data.get("smtp_url") and not urlsplit(info.data.get("public_url", "")).hostname:
            raise ValueError(f"alerts need {PREFIX}PUBLIC_URL, the address in their links")
        return value

    @field_validator("tiles_url")
    @classmethod
    def _check_tiles(cls, value: str) -> str:
        if value and not TILES.fullmatch(value):
            raise ValueError("https://host/… with {z}, {x} and {y} in its path, without spaces, quotes, ; and ,")
        if value and not all(name in value for name in ("{z}", "{x}", "{y}")):
            raise ValueError("{z}, {x} and {y} must be in it")
        return value

    @field_validator("widgets_ancestors")
    @classmethod
    def _check_ancestors(cls, value: str) -> str:
        named = value.split()
        if not named or (named != ["*"] and not all(ANCESTOR.fullmatch(each) for each in named)):
            raise ValueError("*, or origins such as https://portail.example.fr https://*.example.fr")
        return " ".join(named)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, value: str) -> str:
        parse_proxies(value)
        return value

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        """Return the networks of the trusted proxies."""
        return parse_proxies(self.trusted_proxies)

    @property
    def tiles_origin(self) -> str:
        """Return scheme and host of the tiles as a content security policy names them; empty if no tiles are set."""
        found = TILES.fullmatch(self.tiles_url)
        return found["origin"] if found else ""

    @cached_property
    def producers(self) -> Producers:
        """Return the producers that may send seat statements."""
        return Producers.parse(self.seats_tokens.get_secret_value())

    @property
    def alerts_offered(self) -> bool:
        """Tell whether mails can be sent, or shown by the demonstration."""
        return bool(self.smtp_url) or self.demonstration

    def current_day(self) -> date:
        """Return today's date in metropolitan France, or the date of BOUSSOLE_TODAY."""
        return self.today or datetime.now(PARIS).date()

    def current_moment(self) -> datetime:
        """Return the time in metropolitan France, on the date of BOUSSOLE_TODAY if it is set."""
        return datetime.combine(self.current_day(), datetime.now(PARIS).time(), PARIS)
