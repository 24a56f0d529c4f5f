"""Second request of a search grouped by training."""

from search_app.search.engine.offers import OffersEngine
from search_app.search.present.trainings import Groups, to_groups
from search_app.search.query import SearchRequest, build_members_body, build_part_bodies
from search_app.search.query.trainings import COUNTED, is_whole, number_counted
from search_app.search.stored import SearchAnswer


async def fetch_groups(engine: OffersEngine, request: SearchRequest, answer: SearchAnswer) -> Groups:
    """Return what is known of the trainings in an answer to a search by training; raises EngineError."""
    counts = answer.aggregation(COUNTED)
    if is_whole(counts):
        number = number_counted(counts)
    else:
        number = await engine.count_trainings(build_part_bodies(request, answer.hits.total.value))
    keys = [hit.source.training_key for hit in answer.hits.hits]
    members = await engine.search_offers(build_members_body(request, keys)) if keys else None
    return to_groups(number, members, request)
