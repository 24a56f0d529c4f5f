"""Settings of the app, from environment variables with the prefix BOUSSOLE_."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from mappings.settings import EngineSettings

PARIS = ZoneInfo("Europe/Paris")


class Settings(EngineSettings):
    """What the app reads; each field is BOUSSOLE_<FIELD IN CAPITALS>, one that is not set keeps its default."""

    engine_timeout: float = Field(
        default=5.0, gt=0, le=120, description="seconds that a search may take before it is a 503"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=1, le=65535, description="port to listen on")
    workers: int = Field(default=1, ge=1, le=64, description="app processes")
    rate_limit: float = Field(default=0, ge=0, description="requests a second and client; 0 is none")
    today: date | None = Field(default=None, description="pretend that it is this day (demonstrations, tests)")
    stale_after_days: int = Field(default=8, ge=1, description="a source loaded longer ago than this is warned about")
    refresh_seconds: float = Field(
        default=10, gt=0, description="how often code tables and the state of the sources are reread"
    )
    engine_connections: int = Field(
        default=32, ge=1, le=512, description="pooled connections to the engine and process"
    )
    public_url: str = Field(default="", description="address under which the site is reached, for absolute links")

    streams: int = Field(default=2500, ge=0, description="open streams of seats in one process")
    streams_per_client: int = Field(default=100, ge=0, description="open streams of one client; 0 is no limit")
    stream_seconds: float = Field(default=600, gt=0, description="after which a stream ends and the client comes back")

    def current_day(self) -> date:
        """Return today's date in metropolitan France, or the day that the settings pretend."""
        return self.today or datetime.now(PARIS).date()

    def current_moment(self) -> datetime:
        """Return the time in metropolitan France, on the day that the settings pretend."""
        return datetime.combine(self.current_day(), datetime.now(PARIS).time(), PARIS)
