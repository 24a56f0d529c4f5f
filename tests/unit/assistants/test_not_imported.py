"""Without BOUSSOLE_MCP the protocol's package is never imported, so that it costs no memory; without it installed, the
setting is one clear line.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SERVE = """
import json, sys
from starlette.testclient import TestClient
from search_app.web.app import create_default_app
with TestClient(create_default_app(), base_url="http://localhost") as client:
    status = client.post("/mcp", json={}).status_code
    with open("/proc/self/status") as told:
        resident = next(int(line.split()[1]) for line in told if line.startswith("VmRSS"))
modules = sorted({name.split(".")[0] for name in sys.modules} & {"mcp", "mcp_types"})
print(json.dumps({"status": status, "resident": resident, "modules": modules}))
"""
MIB = 1024


def served(**settings: str) -> Any:
    environment = os.environ | {"BOUSSOLE_OPENSEARCH_URL": "http://127.0.0.1:9", **settings}
    done = subprocess.run(
        [sys.executable, "-c", SERVE], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def test_package_is_imported_only_with_the_setting() -> None:
    without, with_door = served(), served(BOUSSOLE_MCP="1")
    assert without["modules"] == []
    assert without["status"] == 404
    assert with_door["modules"] == ["mcp", "mcp_types"]
    assert with_door["status"] == 400
    # What the package takes, and what the app without it therefore does not.
    assert with_door["resident"] - without["resident"] > 10 * MIB


def test_missing_package_is_one_line_at_start(tmp_path: Path) -> None:
    hidden = tmp_path / "sitecustomize.py"
    hidden.write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, package=None: None if name == 'mcp' else find(name, package)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "search_app"],
        cwd=ROOT,
        env=os.environ | {"BOUSSOLE_MCP": "1", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert "BOUSSOLE_MCP" in line
    assert "boussole[mcp]" in line


@pytest.mark.parametrize("value", ["0", "false", ""])
def test_setting_can_be_off(value: str) -> None:
    assert served(BOUSSOLE_MCP=value)["modules"] == []
