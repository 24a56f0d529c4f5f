"""Settings of the indexer, from environment variables with the prefix BOUSSOLE_."""

from datetime import date
from pathlib import Path

from pydantic import Field

from mappings.settings import EngineSettings


class IndexerSettings(EngineSettings):
    """The engine's settings, and where a load keeps its spool, rejects and repairs."""

    reference_max_mb: int = Field(
        default=256, ge=1, le=100_000, description="megabytes that a file of code tables may have, decompressed"
    )
    today: date | None = Field(default=None, description="pretend that it is this day (demonstrations, tests)")
    public_url: str = Field(default="", description="address of the site, for what is exported with its addresses")
    work_dir: Path = Field(default=Path(".boussole"), description="folder for rejects, repairs and the spool of a load")
