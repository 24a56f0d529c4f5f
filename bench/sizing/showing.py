"""Points, models and plans as Markdown tables."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bench.sizing.model import WORST, Model, Need, error_at, exponent, plan
from bench.sizing.points import Point
from bench.tables import table

MEBIBYTE: Final = 1 << 20


def show_points(points: Sequence[Point]) -> str:
    """Return a table of what was measured."""
    head = [
        *("point", "offers", "shards", "nodes", "CPU a search, engine, ms", "app, ms", "engine and shard, ms"),
        *("index, bytes an offer", "ledger, bytes a statement", "CPU a statement, ms", "heap, MiB", "app, MiB"),
    ]
    rows = [
        [point.name, f"{point.offers:,}", point.shards, point.nodes, point.engine_ms, point.app_ms,
         point.engine_ms / point.shards, f"{point.index_bytes / point.offers:.0f}",
         f"{point.ledger_bytes / point.statements:.0f}" if point.statements else "-",
         f"{point.statement_ms:.2f}" if point.statement_ms else "-",
         point.heap_bytes // MEBIBYTE, point.app_bytes // MEBIBYTE]
        for point in points
    ]  # fmt: skip
    return table(head, rows) + "\n"


def show_kinds(point: Point) -> str:
    """Return a table of the kinds of search of one point."""
    rows = [[each.kind, f"{each.hits:.0f}", each.engine_ms, each.app_ms, each.p50_ms, each.p95_ms]
            for each in point.searches]  # fmt: skip
    return table(["kind", "hits", "engine CPU ms", "app CPU ms", "p50 ms", "p95 ms"], rows) + "\n"


def show_model(model: Model, fitted: Sequence[Point], checked: Sequence[Point]) -> str:
    """Return the lines of the model, its errors, and the exponents of growth."""
    lines = [[kind, line.fixed, line.shard, line.million] for kind, line in model.lines.items()]
    errors = [[point.name, "fitted" if point in fitted else "not fitted", f"{error_at(model, point):+.1%}"]
              for point in (*fitted, *checked)]  # fmt: skip
    of_one_shard = sorted((p for p in (*fitted, *checked) if p.shards == 1), key=lambda point: point.offers)
    growth = [[f"{small.name} to {large.name}", f"{exponent(small, large):.2f}"]
              for small, large in pairwise(of_one_shard)]  # fmt: skip
    return "\n\n".join([
        table(["kind", "fixed, ms", "a shard, ms", "a million offers, ms"], lines),
        table(["point", "", "model ÷ measured - 1"], errors),
        table(["growth on one shard", "exponent"], growth),
    ])  # fmt: skip


def show_plans(model: Model, needs: Sequence[Need]) -> str:
    """Return a table of what the model says of some needs, and what they take if it is as wrong as it was measured."""
    head = [
        "offers",
        "searches/s",
        "statements/s",
        "shards",
        "busy cores",
        "nodes",
        "because of",
        "index, GB",
        "disk, GB",
    ]
    rows = []
    for need in needs:
        told, worst = plan(model, need), plan(model, need, WORST)
        nodes = f"{told.nodes} to {worst.nodes}" if worst.nodes > told.nodes else f"{told.nodes}"
        rows.append([
            f"{need.offers:,}", f"{need.searches_per_second:g}", f"{need.statements_per_second:g}", told.shards,
            f"{told.busy_cores:.1f} to {worst.busy_cores:.1f}", nodes, worst.held_by,
            told.index_bytes / 1e9, told.disk_bytes / 1e9,
        ])  # fmt: skip
    return table(head, rows)
