"""``python -m search_app``: serves the site and the API; environment variables set everything (docs/serving.md)."""

import argparse
import errno
import math
import os
import resource
import signal
import socket
import sys
from collections.abc import Sequence

import uvicorn

from mappings.settings import SettingsError
from mappings.variables import unknown_variables
from search_app.base.settings import Settings

SPARE_FILES = 128  # of a process, beside its connections: modules, logs, the event loop
LAST_SECONDS = 1  # after the time for running responses, before unfinished tasks are cancelled


def main(arguments: Sequence[str] = ()) -> int:
    """Serve until stopped; return 2 if a setting is invalid or the port is not available. Arguments are refused."""
    argparse.ArgumentParser(prog="python -m search_app", description=__doc__).parse_args(arguments)
    try:
        settings = Settings.from_environment()
        check_port(settings.host, settings.port)
    except SettingsError as error:
        print(f"boussole: {error}", file=sys.stderr)
        return 2
    unknown = unknown_variables(os.environ)
    if unknown:
        print(f"boussole: {unknown}", file=sys.stderr)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # raised again by uvicorn after an orderly shutdown
    allow_files(settings.connections + settings.engine_connections + SPARE_FILES)
    uvicorn.run(
        "search_app.web.app:create_default_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http="search_app.web.server.protocol:BoundedProtocol",
        ws="none",
        lifespan="on",
        forwarded_allow_ips=[str(network) for network in settings.proxies],
        timeout_keep_alive=settings.idle_seconds,
        timeout_graceful_shutdown=math.ceil(settings.shutdown_seconds) + LAST_SECONDS,
        access_log=False,
        server_header=False,
        log_level="warning",
    )
    return 0


def allow_files(needed: int) -> None:
    """Raise the limit of open files of this process and its workers; print a warning if the system does not allow
    it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        told = f"{needed} open files are needed for BOUSSOLE_CONNECTIONS, the system allows {hard} (ulimit -Hn)"
        print(f"boussole: {told}: connections beyond that will be closed unheard", file=sys.stderr)
        needed = hard
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def check_port(host: str, port: int) -> None:
    """Raise SettingsError with a remedy if the app could not listen there."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = f"choose another one, as in make serve PORT={port + 1}"
            raise SettingsError(f"port {port} of {host} is taken by another program: {other}") from error
        raise SettingsError(f"cannot listen on port {port} of {host}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
