"""Settings of the indexer, from environment variables with the prefix BOUSSOLE_."""

from pathlib import Path

from pydantic import Field

from mappings.settings import EngineSettings


class IndexerSettings(EngineSettings):
    """The engine's settings, and where a load keeps its spool, rejects and repairs."""

    work_dir: Path = Field(default=Path(".boussole"), description="folder for rejects, repairs and the spool of a load")
