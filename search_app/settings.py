"""Settings of the app, from environment variables with the prefix BOUSSOLE_."""

import re
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator

from mappings.settings import EngineSettings
from seats.producers import Producers

PARIS = ZoneInfo("Europe/Paris")
SEATS_OLD_AFTER_DAYS = 7
# Nothing that could end a source of the content security policy and begin another directive.
TILES = re.compile(r"(?P<origin>https?://[A-Za-z0-9.-]+(?::\d+)?)/[^\s\"'<>;,]*")


class Settings(EngineSettings):
    """What the app reads; each field is BOUSSOLE_<FIELD IN CAPITALS>, one that is not set keeps its default."""

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

    tiles_url: str = Field(default="", description="map tiles with {z}, {x} and {y}; empty is a map without them")
    tiles_attribution: str = Field(default="", description="what the terms of the tiles want said on the map (text)")

    streams: int = Field(default=2500, ge=0, description="open streams of seats in one process")
    streams_per_client: int = Field(default=100, ge=0, description="open streams of one client; 0 is no limit")
    stream_seconds: float = Field(default=600, gt=0, description="after which a stream ends and the client comes back")

    @field_validator("seats_tokens")
    @classmethod
    def _check_tokens(cls, value: SecretStr) -> SecretStr:
        Producers.parse(value.get_secret_value())
        return value

    @field_validator("tiles_url")
    @classmethod
    def _check_tiles(cls, value: str) -> str:
        if value and not TILES.fullmatch(value):
            raise ValueError("https://host/… with {z}, {x} and {y} in its path, without spaces, quotes, ; and ,")
        if value and not all(name in value for name in ("{z}", "{x}", "{y}")):
            raise ValueError("{z}, {x} and {y} must be in it")
        return value

    @property
    def tiles_origin(self) -> str:
        """Return the scheme and host that tiles come from, as a content security policy names it; empty without."""
        found = TILES.fullmatch(self.tiles_url)
        return found["origin"] if found else ""

    @cached_property
    def producers(self) -> Producers:
        """Return who may send seat statements."""
        return Producers.parse(self.seats_tokens.get_secret_value())

    def current_day(self) -> date:
        """Return today's date in metropolitan France, or the day that the settings pretend."""
        return self.today or datetime.now(PARIS).date()

    def current_moment(self) -> datetime:
        """Return the time in metropolitan France, on the day that the settings pretend."""
        return datetime.combine(self.current_day(), datetime.now(PARIS).time(), PARIS)
