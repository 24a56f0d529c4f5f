"""``python -m search_app``: serves the site and the API."""

import sys

import uvicorn

from mappings.settings import SettingsError
from search_app.settings import Settings


def main() -> int:
    """Serve until stopped; returns 2 if a setting is wrong."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(f"boussole: {error}", file=sys.stderr)
        return 2
    uvicorn.run(
        "search_app.main:create_default_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http="search_app.server_protocol:EndingProtocol",
        access_log=False,
        server_header=False,
        log_level="warning",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
