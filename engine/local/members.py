"""A cluster whose nodes are processes of their own, for tests and measurements: one can be killed and started alone.

`make engine NODES=3` starts three nodes in one process, which is enough to work on a cluster, and cheaper.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from engine.local import check, node
from engine.local.errors import EngineError
from engine.local.jars import cache_dir, fetch_jars, load_lock
from engine.local.process import LOG_NAME
from engine.local.settings import LOOPBACK, EngineOptions, node_settings

START_SECONDS: Final = 180
STOP_SECONDS: Final = 60
POLL_SECONDS: Final = 0.1


class Cluster:
    """The nodes, numbered from 1; a context manager that ends them all."""

    def __init__(self, options: EngineOptions) -> None:
        self.options = replace(options, data=options.data.resolve())
        self._transport_ports = node.free_ports(options.nodes)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for number in list(self._processes):
            self.kill(number)

    @property
    def numbers(self) -> range:
        """The numbers of the nodes."""
        return range(1, self.options.nodes + 1)

    def url(self, number: int) -> str:
        """Return the address of a node."""
        return f"http://{LOOPBACK}:{self.options.ports[number - 1]}"

    @property
    def urls(self) -> str:
        """The addresses of all nodes, as settings name them."""
        return ",".join(map(self.url, self.numbers))

    @property
    def running(self) -> list[int]:
        """The nodes that were started and not ended."""
        return sorted(self._processes)

    def start(self, *numbers: int) -> None:
        """Start nodes, or all of them; back when they have joined."""
        fetch_jars(load_lock(), cache_dir())
        for number in numbers or self.numbers:
            self._spawn(number)
        for number in numbers or self.numbers:
            self.wait_for(number, f"wait_for_nodes={len(self._processes)}")

    def stop(self, number: int) -> None:
        """Stop a node in order."""
        process = self._processes.pop(number)
        process.terminate()
        process.wait(STOP_SECONDS)

    def kill(self, number: int) -> None:
        """Kill a node (SIGKILL): it does not leave the cluster in order, and its connections break."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()

    def freeze(self, number: int) -> None:
        """Make a node stand still (SIGSTOP): its connections stay, and nothing answers."""
        self._processes[number].send_signal(signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        """Let a frozen node go on."""
        self._processes[number].send_signal(signal.SIGCONT)

    def manager(self) -> int:
        """Return the number of the node that manages the cluster."""
        (row,) = self.ask("_cat/cluster_manager?format=json")
        return int(row["node"].rpartition("-")[2])

    def ask(self, path: str, number: int | None = None) -> Any:
        """Return the answer of a node, or of the first that runs, to a GET."""
        return check.request(f"{self.url(number or self.running[0])}/{path}")

    def wait_for(self, number: int, health: str) -> None:
        """Wait until a node answers that the cluster is as asked, as in ``wait_for_status=green``."""
        last = time.monotonic() + START_SECONDS
        while time.monotonic() < last:
            if self._processes[number].poll() is not None:
                raise EngineError(f"Node {number} ended; see {self._folder(number) / LOG_NAME}.")
            try:
                if not self.ask(f"_cluster/health?{health}&timeout=2s", number)["timed_out"]:
                    return
            except OSError:
                pass
            time.sleep(POLL_SECONDS)
        raise EngineError(f"Node {number} does not say {health} after {START_SECONDS} s.")

    def _folder(self, number: int) -> Path:
        return self.options.data / f"member-{number}"

    def _spawn(self, number: int) -> None:
        folder = self._folder(number)
        folder.mkdir(parents=True, exist_ok=True)
        ports = ",".join(map(str, self._transport_ports))
        given = (self.options.port, self.options.data, self.options.heap, self.options.nodes, number, ports)
        with (folder / LOG_NAME).open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [sys.executable, "-m", "engine.local.members", *map(str, given)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=Path(__file__).parents[2],
            )


def main(port: str, data: str, heap: str, nodes: str, number: str, transport: str) -> int:
    """Run one node until SIGTERM; its settings are those of a node of the whole cluster."""
    cluster = EngineOptions(int(port), Path(data), heap, int(nodes))
    ports = [int(each) for each in transport.split(",")]
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    own = EngineOptions(cluster.ports[int(number) - 1], cluster.data / f"member-{number}", heap, nodes=1)
    return node.run(own, lambda _: node_settings(cluster, int(number), ports))


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, however that ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
