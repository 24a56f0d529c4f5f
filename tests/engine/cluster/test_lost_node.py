"""The app over all addresses of a cluster of three processes, one of which is killed: nothing fails, nothing is lost.

`python -m bench.cluster` does more of it for longer: the manager and another node, each node restarted, one frozen.
"""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from bench.cluster.traffic import Traffic
from bench.seats.client import ENVIRONMENT
from engine.local.members import Cluster
from engine.local.node import free_ports
from engine.local.settings import EngineOptions
from tests.engine.installation import Installation, actions
from tests.served import serving_command

PREFIX = "lost-node-"
OFFERS = 120
SESSIONS = [f"SE_{number}" for number in range(OFFERS)]
PATHS = ("/api/v1/offers?seats=1", "/offres?q=soudure", "/api/v1/offers?q=soudure&funder=2")
SETTINGS = {"BOUSSOLE_SHARDS": "2", "BOUSSOLE_REPLICAS": "1", "BOUSSOLE_ENGINE_TIMEOUT": "20"}
STEADY = 8  # searches, after each event


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with Cluster(EngineOptions(free_ports(3)[0], tmp_path / "cluster", "384m", nodes=3)) as made:
        made.start()
        yield made


def indices_without_copy(cluster: Cluster) -> list[str]:
    rows = cluster.ask(f"_cat/indices/{PREFIX}*?h=index,rep&format=json")
    assert len(rows) > 5
    return [row["index"] for row in rows if row["rep"] != "1"]


def test_no_search_fails_and_no_statement_is_lost_while_the_manager_is_killed_and_an_index_rebuilt(
    cluster: Cluster, tmp_path: Path
) -> None:
    installation = Installation(cluster.urls, PREFIX, tmp_path, SETTINGS)
    assert installation.load(*actions(OFFERS)).status == 0
    cluster.wait_for(1, "wait_for_status=green")
    settings = {name.removeprefix("BOUSSOLE_"): value for name, value in (SETTINGS | ENVIRONMENT).items()}
    with serving_command(cluster.urls, PREFIX, **settings) as app:
        traffic = Traffic(app.address, cycle(PATHS), SESSIONS, rate=6, bodies=4)
        with traffic.at_work():
            traffic.await_searches(STEADY)
            assert indices_without_copy(cluster) == []  # with those that the app makes for statements
            manager = cluster.manager()
            with traffic.phase("killed") as killed:
                cluster.kill(manager)
                traffic.await_searches(STEADY)
            with traffic.phase("rebuild without it"):
                # Two of three addresses: the indexer finds them, too.
                rebuilt = installation.run("rebuild")
                traffic.await_searches(STEADY)
            with traffic.phase("joined") as joined:
                cluster.start(manager)
                cluster.wait_for(manager, "wait_for_status=green")
                traffic.await_searches(STEADY)
        assert traffic.failures == []
        assert (rebuilt.status, rebuilt.json["offers"]) == (0, OFFERS), rebuilt.err
        assert killed.accepted > 0
        assert joined.accepted > 0
        assert traffic.lost(cluster.url(manager), installation.names.offers) == ""
