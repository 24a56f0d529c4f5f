"""One result per training: hits collapsed by training key, and trainings counted exactly."""

from typing import Any, Final

Body = dict[str, Any]
TRAINING: Final = "training_key"
COUNTED: Final = "trainings"  # the aggregation that counts them
EACH: Final = "each"  # its buckets stay in the engine, see search_app.search.engine.options.SEARCH_OPTIONS
# The engine's own estimate (cardinality) is inexact from 10,000 on, so each training is a bucket. A request may have
# 65,535 buckets in all (search.max_buckets), and the facets need some thousands of them.
MOST_AT_ONCE: Final = 50_000
BEST_OF_EACH: Final[Body] = {"collapse": {"field": TRAINING}}  # the first hit of each in the order of the search


def counted(narrowing: list[Body], part: tuple[int, int] | None = None) -> Body:
    """Return the aggregation that counts trainings under these filters, all or those of one partition."""
    terms: Body = {"field": TRAINING, "size": MOST_AT_ONCE}
    if part:
        terms["include"] = {"partition": part[0], "num_partitions": part[1]}
    number = {"stats_bucket": {"buckets_path": f"{EACH}>_count"}}
    return {COUNTED: {"filter": {"bool": {"filter": narrowing}}, "aggs": {EACH: {"terms": terms}, "number": number}}}


def number_counted(counts: Body) -> int:
    """Return the number of trainings counted by the aggregation ``COUNTED``."""
    return int(counts["number"]["count"])


def is_whole(counts: Body) -> bool:
    """Tell whether the aggregation ``COUNTED`` counts all of them; if not, they must be counted in partitions."""
    return not counts[EACH]["sum_other_doc_count"]
