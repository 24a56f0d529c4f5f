"""``python -m bench.documents``: harvests invented documents of a local provider into indices of its own.

A tenth of them from another source first, all of them, all again; prints seconds, stages and the most memory of each,
and deletes the indices.
BOUSSOLE_OPENSEARCH_URL is the engine. Exit status 1 if a harvest fails.
"""

import argparse
import json
import resource
import socket
import sys
import tempfile
import time
import urllib.request

from bench.engine_address import engine_to_measure
from bench.processes import run_watched, running_module
from bench.tables import table

PREFIX = "bench-documents-"
SMALL = 10  # of the records, in the harvest that memory is compared with


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    options = parser.parse_args()
    engine = engine_to_measure()
    rows: list[list[str]] = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                "BOUSSOLE_INDEX_PREFIX": PREFIX,
                "BOUSSOLE_OPENSEARCH_URL": engine,
                "BOUSSOLE_WORK_DIR": folder,
            }
            steps = (
                (f"{options.records // SMALL} documents", "small", options.records // SMALL, ()),
                (f"{options.records} documents", "whole", options.records, ()),
                ("the same again (`--full`)", "whole", options.records, ("--full",)),
            )
            for name, source, records, extra in steps:
                row = _measure(name, source, records, extra, environment)
                if row is None:
                    return 1
                rows.append(row)
    finally:
        asked = urllib.request.Request(f"{engine}/{PREFIX}*", method="DELETE")
        urllib.request.urlopen(asked, timeout=60).close()
    print(table(["harvest", "s", "CPU s", "read, write, merge s", "written", "most memory, MB"], rows))
    return 0


def _measure(
    name: str, source: str, records: int, extra: tuple[str, ...], environment: dict[str, str]
) -> list[str] | None:
    """Harvest once; return the row of the table, None if it failed."""
    port = _free_port()
    with running_module(["bench.documents.provider", str(port), str(records)], {}):
        _wait_for(port)
        url = f"http://127.0.0.1:{port}/oai"
        arguments = ["indexer", "harvest", "--source", source, "--kind", "oai", "--url", url, "--json", *extra]
        before = _cpu_of_children()
        run = run_watched(arguments, environment)
        cpu = _cpu_of_children() - before  # the provider has not ended yet
    if run.status:
        print(run.output, file=sys.stderr)
        return None
    report = json.loads(run.output[run.output.index("{") :])
    stages = ", ".join(f"{report['seconds'][stage]:.1f}" for stage in ("read", "write", "merge"))
    return [
        name,
        f"{run.seconds:.0f}",
        f"{cpu:.0f}",
        stages,
        str(report["documents_written"]),
        f"{run.peak_memory / 1e6:.0f}",
    ]


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"the provider does not answer on port {port}")


if __name__ == "__main__":
    sys.exit(main())
