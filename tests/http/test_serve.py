"""What keeps the app from listening is told in one line."""

import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mappings.settings import SettingsError
from search_app.__main__ import allow_files, check_port

ROOT = Path(__file__).parents[2]


def test_a_port_that_is_taken_is_one_line_that_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        served = subprocess.run(
            [sys.executable, "-m", "search_app"],
            env={"BOUSSOLE_PORT": str(port)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    (line,) = served.stderr.splitlines()
    assert served.returncode == 2
    assert f"port {port} of 127.0.0.1 is taken" in line
    assert f"PORT={port + 1}" in line


def test_a_setting_that_is_given_as_an_argument_is_refused() -> None:
    served = subprocess.run(
        [sys.executable, "-m", "search_app", "--port", "1"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert served.returncode == 2
    assert "unrecognized arguments: --port 1" in served.stderr


def test_an_address_that_is_not_of_this_machine_is_named() -> None:
    with pytest.raises(SettingsError, match=r"cannot listen on port 8000 of 192\.0\.2\.1"):
        check_port("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("limits", "raised", "told"),
    [((1_024, 4_096), (3_160, 4_096), False), ((1_024, 2_048), (2_048, 2_048), True), ((4_096, 4_096), None, False)],
)
def test_the_limit_of_open_files_is_raised_as_far_as_the_system_allows(
    limits: tuple[int, int],
    raised: tuple[int, int] | None,
    told: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_to: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: set_to.append(pair))
    allow_files(3_160)
    assert set_to == ([raised] if raised else [])
    assert ("BOUSSOLE_CONNECTIONS" in capsys.readouterr().err) is told
