"""Stage 5, check: brings seats up to date, compares counts, and stores the state of the source."""

from engine.errors import EngineError
from indexer.load.state import Load
from indexer.offers.trainers import fetch_trainer_names
from mappings.reference import PROVIDERS_PREFIX, TRAINERS_PREFIX, pack_table, unpack_table
from seats.projection.write import replay


def check(load: Load) -> None:
    """Project the statements made meanwhile; raises EngineError unless the number of live offers is as expected."""
    indices, names, report = load.indices, load.indices.names, load.report
    since = load.lock.checkpoint or -1
    indices.engine.run(replay(names.ledger, names.offers, since, indices.settings.seats_cutoff))
    load.lock.finish()
    offers, report.sessions = indices.count_by_source(names.offers).get(load.source, (0, 0))
    if offers != report.live:
        raise EngineError(f"{offers} offers of {load.source} are live, the load counted {report.live}: run it again")
    _store_providers(load)
    _store_trainers(load)
    row = {"name": load.source, "loaded_at": report.started_at, "offers": offers, "sessions": report.sessions}
    indices.store_document(names.sources, load.source, row | {"report": report.to_json()})


def _store_providers(load: Load) -> None:
    """Write the names under which this source knows its providers; kept offers keep the names of theirs."""
    name = f"{PROVIDERS_PREFIX}{load.source}"
    providers = load.settlement.providers()
    if load.report.kept:
        stored = [each for each in load.indices.reference_documents() if each["name"] == name]
        providers = {**(unpack_table(stored[0]) if stored else {}), **providers}
    document = pack_table(name, providers, load.report.started_at)
    load.indices.store_document(load.indices.names.reference, name, document)


def _store_trainers(load: Load) -> None:
    """Write the names under which this source knows the bodies that deliver its offers."""
    name = f"{TRAINERS_PREFIX}{load.source}"
    document = pack_table(name, fetch_trainer_names(load.indices, load.source), load.report.started_at)
    load.indices.store_document(load.indices.names.reference, name, document)
