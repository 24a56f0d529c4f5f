"""A load that is killed while it writes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.engine.fault_proxy import Asked, Hangup, fault_proxy
from tests.engine.installation import Installation


def kill_load_at_second_request(installation: Installation, path: Path) -> None:
    """Load a feed as the source ``one``, and kill the process at its second bulk request of offers."""
    command = [sys.executable, "-m", "indexer", "load", "--source", "one", str(path)]
    process: list[subprocess.Popen[bytes]] = []

    def kill(asked: Asked) -> None:
        if asked.is_offers_bulk and asked.count == 2:
            process[0].send_signal(signal.SIGKILL)
            process[0].wait()
            raise Hangup

    with fault_proxy(installation.engine_url, kill) as address:
        environment = os.environ | installation.environment | {"BOUSSOLE_OPENSEARCH_URL": address}
        process.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        assert process[0].wait(60) == -signal.SIGKILL
