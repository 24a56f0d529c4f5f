"""A PostgreSQL server of the measurement's own: its data, socket and log in one folder, no TCP port."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.peers.packages import DEBIAN, find_programs, load_package

DATABASE: Final = "peer"
USER: Final = "postgres"  # the system's user, if root starts the server, and the server's
# What an expert sets on a machine for searches alone: memory, no compilation of short queries, cheap writes. Commits
# are synchronous: VACUUM marks no page as visible to all whose transaction is not written yet.
SETTINGS: Final = {
    "listen_addresses": "''",
    "work_mem": "'64MB'",
    "maintenance_work_mem": "'700MB'",
    "effective_cache_size": "'8GB'",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "40",
    "max_parallel_maintenance_workers": "2",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'8GB'",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Cluster:
    """A server in a folder."""

    folder: Path
    port: int = 5544  # names the socket

    @property
    def data(self) -> Path:
        """Return the folder of the server's files."""
        return self.folder / "data"

    def start(self, shared_buffers: str) -> None:
        """Make the server's files if there are none, and start it unless it runs."""
        if not (self.data / "PG_VERSION").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(self.folder, USER, USER)
            self._run("initdb", ["-D", str(self.data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"])
        lines = [f"{name} = {value}" for name, value in SETTINGS.items()]
        lines += [f"shared_buffers = '{shared_buffers}'", f"port = {self.port}"]
        lines += [f"unix_socket_directories = '{self.folder}'"]
        (self.data / "postgresql.auto.conf").write_text("\n".join(lines) + "\n")
        if not self.is_running():
            log = str(self.folder / "server.log")
            self._run("pg_ctl", ["-D", str(self.data), "-l", log, "-w", "-t", "120", "start"])

    def stop(self) -> None:
        """Stop the server, if it runs; its files are kept."""
        if self.is_running():
            self._run("pg_ctl", ["-D", str(self.data), "-m", "fast", "-w", "stop"])

    def is_running(self) -> bool:
        """Tell whether the server runs."""
        return self._command("pg_ctl", ["-D", str(self.data), "status"]).returncode == 0

    def create_database(self) -> None:
        """Make the database anew; ends the process if PostGIS is missing."""
        with self.connect("postgres") as connection:
            found = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").fetchone()
            if found is None:
                raise SystemExit(f"bench.peers: PostGIS is missing: on Debian, {DEBIAN}")
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def address(self, database: str = DATABASE) -> str:
        """Return what clients connect with."""
        return f"host={self.folder} port={self.port} user={USER} dbname={database}"

    def connect(self, database: str = DATABASE) -> Any:
        """Return a connection that commits each statement; ends the process if the server does not answer."""
        psycopg = load_package("psycopg")
        try:
            return psycopg.connect(self.address(database), autocommit=True)
        except psycopg.OperationalError as error:
            raise SystemExit(f"bench.peers: no server in {self.folder}, run setup first ({error})") from None

    def _run(self, program: str, arguments: Sequence[str]) -> None:
        done = self._command(program, arguments)
        if done.returncode:
            raise SystemExit(f"bench.peers: {program}: {done.stdout.strip()}")

    def _command(self, program: str, arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        command = [str(find_programs() / program), *arguments]
        if os.geteuid() == 0:  # the server refuses to run as root
            command = ["runuser", "-u", USER, "--", *command]
        # a file: the server would inherit a pipe and keep it open
        with (
            (self.folder / "commands.log").open("w+") if self.folder.exists() else Path(os.devnull).open("w+") as output
        ):
            done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, text=True, cwd="/", check=False)
            output.seek(0)
            return subprocess.CompletedProcess(command, done.returncode, output.read())
