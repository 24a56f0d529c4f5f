"""Static files: vendored ones are what their packages hold, and scripts find each other under hashed names."""

import csv
import hashlib
import re

import pytest

from search_app.pages.shared.assets import STATIC, STYLES, VENDORED, load_assets

PACKAGES = {
    row["file"]: row for row in csv.DictReader((VENDORED / "packages.csv").read_text(encoding="utf-8").splitlines())
}


def test_every_vendored_file_is_listed_with_its_hash_and_its_licence() -> None:
    files = {path.name for path in VENDORED.iterdir()} - {"packages.csv", "LICENCES.txt"}
    assert files == set(PACKAGES)
    licences = (VENDORED / "LICENCES.txt").read_text(encoding="utf-8")
    for name, row in PACKAGES.items():
        assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == row["sha256"], name
        assert f"== {row['package']} ==" in licences


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_scripts_refer_to_files_that_are_served(name: str) -> None:
    content = load_assets().get(name).plain.decode()
    assert not re.search(r'"\./', content)
    for served_as in re.findall(r'"/static/([^"]+)"', content):
        assert load_assets().find(served_as), served_as


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.glob("*.js")))
def test_scripts_are_sent_without_comments_and_with_all_their_code(name: str) -> None:
    written, sent = (STATIC / name).read_text(encoding="utf-8"), load_assets().get(name).plain.decode()
    assert len(sent) < len(written)
    assert not re.search(r"^/[/*]", sent, re.MULTILINE)
    for line in written.splitlines():
        code = line.partition(" // ")[0].strip()
        if not code.endswith((";", "{", "}")) or code.startswith(("/", "*")) or "./" in code:
            continue
        assert re.sub(r"\s", "", code) in re.sub(r"\s", "", sent)
        assert [text for text in re.findall(r'"[^"`]*"', code) if text not in sent] == []  # with all their spaces


def test_style_sheets_are_sent_without_comments_and_with_all_their_rules() -> None:
    sent = load_assets().get("boussole.css").plain.decode()
    written = "".join((STATIC / layer).read_text(encoding="utf-8") for layer in STYLES)
    assert "/*" not in sent
    assert "\n" not in sent
    assert sent.count("{") == re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL).count("{") == sent.count("}")
    assert len(load_assets().get("boussole.css").compressed) < 7_500


def test_a_name_that_is_no_file_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_assets().get("missing.js")
