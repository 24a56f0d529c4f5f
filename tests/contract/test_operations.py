"""Alerts and dashboard for an operator name metrics that exist, with labels that they have."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from indexer.lifecycle.metrics import METRICS, to_metrics
from search_app.base.metrics import registry

FOLDER: Final = Path(__file__).parents[2] / "docs" / "operations"
OF_DASHBOARD: Final = "grafana-dashboard.json"
RULES: Final = yaml.safe_load((FOLDER / "prometheus-rules.yml").read_text(encoding="utf-8"))
BOARD: Final = json.loads((FOLDER / OF_DASHBOARD).read_text(encoding="utf-8"))
NAME: Final = re.compile(r"\bboussole_[a-z0-9_]+")
LABELLED: Final = re.compile(r"(boussole_[a-z0-9_]+)\{([^}]*)\}")
GROUPED: Final = re.compile(r"\bby \(([a-z, ]+)\)")
SHOWN: Final = re.compile(r"\{\{ ?(?:\$labels\.)?([a-z]+) ?\}\}")
STATUS: Final[Mapping[str, Any]] = {
    "offers": 12,
    "sessions": 30,
    "index": {"bytes": 5_000, "deleted_documents": 3, "copies_missing": 1},
    "sources": [
        {"name": "one", "loaded_at": "2026-11-30T10:00:00+00:00", "offers": 12, "is_current": True},
        {"name": "two", "loaded_at": None, "offers": 0, "is_current": False},
    ],
    "seats": {"statements": 7, "differ": 2, "lag_seconds": 1.5, "waiting": 4},
    "older_than_offers": [{"name": "lexicon", "remedy": "x"}],
    "documents": {"documents": 9, "sources": [{"name": "oai", "complete_at": "2026-11-30T09:00:00Z"}]},
    "funding": {"due": [{"by": "2026-12-31"}, {"by": "2027-01-01"}]},
}
NOW: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)


def rules() -> list[dict[str, Any]]:
    return [rule for group in RULES["groups"] for rule in group["rules"]]


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in BOARD["panels"] for target in panel["targets"])


def known_metrics() -> dict[str, set[str]]:
    """Name of each sample that is exported, and its labels."""
    found = {name: {label} if label else set() for name, _, label in METRICS}
    for family in registry.collect():
        labels = set(_labels_of(family.name))
        for suffix in {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}[family.type]:
            found[family.name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    return found


def _labels_of(name: str) -> tuple[str, ...]:
    collectors = registry._names_to_collectors
    collector = collectors.get(name) or collectors[f"{name}_total"]
    labels: tuple[str, ...] = collector._labelnames  # type: ignore[attr-defined]
    return labels


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_an_expression_names_metrics_and_labels_that_exist(expression: str) -> None:
    known = known_metrics()
    names = NAME.findall(expression)
    assert names
    assert set(names) <= known.keys()
    for name, conditions in LABELLED.findall(expression):
        assert set(re.findall(r"([a-z]+)\s*(?:=~|=|!=)", conditions)) <= known[name]
    for grouped in GROUPED.findall(expression):
        assert set(grouped.split(", ")) <= set.union(*(known[name] for name in names))
    assert all(expression.count(opened) == expression.count(closed) for opened, closed in ("()", "[]", "{}"))


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in rules():
        assert {"alert", "expr", "labels", "annotations"} <= rule.keys() <= {
            "alert", "expr", "for", "labels", "annotations",
        }  # fmt: skip
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "action"}
        labels = {label for name in NAME.findall(rule["expr"]) for label in known_metrics()[name]}
        assert set(SHOWN.findall(rule["annotations"]["summary"])) <= labels
    assert len({rule["alert"] for rule in rules()}) == len(rules())


def test_an_app_or_an_installation_that_tells_nothing_is_an_alert() -> None:
    watched = {name for rule in rules() for name in re.findall(r"absent\((boussole_[a-z_]+)\)", rule["expr"])}
    assert watched & {name for name, _, _ in METRICS}
    assert watched - {name for name, _, _ in METRICS}


def test_every_metric_of_the_installation_is_watched_or_shown() -> None:
    named = {name for expression in expressions() for name in NAME.findall(expression)}
    assert {name for name, _, _ in METRICS} <= named


def test_panels_have_places_of_their_own_and_show_labels_that_exist() -> None:
    places = set[tuple[int, int]]()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not own & places
        assert max(x for x, _ in own) < 24
        places |= own
        for target in panel["targets"]:
            labels = set.union(*(known_metrics()[name] for name in NAME.findall(target["expr"])))
            assert set(SHOWN.findall(target["legendFormat"])) <= labels
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_the_state_of_an_installation_is_told_as_metrics() -> None:
    told = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(to_metrics(STATUS, NOW))
        for sample in family.samples
    }
    assert told["boussole_offers",] == 12
    assert told["boussole_index_copies_missing",] == 1
    assert told["boussole_source_loaded_timestamp_seconds", "one"] == NOW.timestamp() - 2 * 3600
    assert told["boussole_source_loaded_timestamp_seconds", "two"] == 0
    assert (told["boussole_source_is_current", "one"], told["boussole_source_is_current", "two"]) == (1, 0)
    assert told["boussole_seats_lag_seconds",] == 1.5
    assert told["boussole_derived_data_is_old", "lexicon"] == 1
    assert told["boussole_harvest_complete_timestamp_seconds", "oai"] == NOW.timestamp() - 3 * 3600
    assert told["boussole_funding_rules_due_timestamp_seconds",] == datetime(2026, 12, 31, tzinfo=UTC).timestamp()
    assert {name for name, *_ in told} == {name for name, _, _ in METRICS}


def test_an_installation_without_anything_is_told_as_well() -> None:
    empty = {**STATUS, "index": {}, "sources": [], "funding": None, "older_than_offers": []}
    told = to_metrics(empty, NOW)
    assert "boussole_offers 12.0" in told
    assert "boussole_funding_rules_due" not in told, "0 would be a rule that was due in 1970"
