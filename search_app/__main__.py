"""``python -m search_app``: serves the site and the API."""

import errno
import socket
import sys

import uvicorn

from mappings.settings import SettingsError
from search_app.settings import Settings


def main() -> int:
    """Serve until stopped; returns 2 if a setting is wrong or nobody may listen there."""
    try:
        settings = Settings.from_environment()
        check_port(settings.host, settings.port)
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


def check_port(host: str, port: int) -> None:
    """Raise SettingsError with a line that helps if the app could not listen there."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = f"choose another one, as in make serve PORT={port + 1}"
            raise SettingsError(f"port {port} of {host} is taken by another program: {other}") from error
        raise SettingsError(f"cannot listen on port {port} of {host}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
