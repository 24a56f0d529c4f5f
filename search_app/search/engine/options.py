"""What requests about offers say in their paths: which fields of an answer are sent back."""

from typing import Final

from mappings.index_fields import FIELDS
from search_app.search.query.trainings import COUNTED, EACH

# What a search sends back is what is read but for 3 kB: leaving them out costs the engine 0.3 to 1 ms.
WHOLE_OPTIONS: Final = "request_cache=false"
# Fields of a response that are read; whatever tells of a failure must be among them.
# They are part of the path, for the client spends longer on quoting them than on sending.
SEARCH_OPTIONS: Final = (
    "request_cache=false&filter_path=took,timed_out,_shards,"
    "hits.total.value,hits.hits._source,hits.hits._score,hits.hits.matched_queries,aggregations,"
    f"-aggregations.{COUNTED}.{EACH}.buckets"  # one for each training: they are counted where they are
)
PARTS_OPTIONS: Final = (
    "filter_path=responses.timed_out,responses._shards,responses.status,responses.error.type,"
    f"responses.error.reason,responses.error.root_cause,responses.aggregations.{COUNTED}.number"
)
FIRST_OPTIONS: Final = (
    "filter_path=responses.timed_out,responses._shards,responses.hits.total.value,responses.hits.hits._source,"
    "responses.status,responses.error.type,responses.error.reason,responses.error.root_cause"
)
COUNT_OPTIONS: Final = (
    "filter_path=responses.timed_out,responses._shards,responses.hits.total.value,"
    "responses.status,responses.error.type,responses.error.reason,responses.error.root_cause"
)
MAYBE_NONE: Final = {"ignore_unavailable": "true", "allow_no_indices": "true"}  # before anything is loaded
# ``dynamic`` is there in every index. Each node knows it (local): while a cluster elects its manager, others wait.
SHAPE_OPTIONS: Final = "filter_path=*.mappings._meta,*.mappings.dynamic&local=true"
WITHOUT_INDEX: Final = f"_source_excludes={','.join(FIELDS)}"
