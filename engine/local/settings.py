"""Settings of a local engine: its options, the files in its data directory, and the resulting OpenSearch settings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.local.errors import EngineError

LOOPBACK = "127.0.0.1"
CLUSTER_NAME = "boussole-local"
MAX_NODES = 9
SNAPSHOTS = "snapshots"  # folder in the data directory

# OpenSearch's default watermarks are percentages: at 90 % of a big disk with 100 GB free it stops creating shards.
# These absolute sizes leave the machine room to work; the flood stage (indices become read-only) stays as a last guard.
WATERMARK_LOW_MB = 500
WATERMARK_HIGH_MB = 350
WATERMARK_FLOOD_MB = 200
MIN_FREE_BYTES = (WATERMARK_LOW_MB + 100) * 2**20

# A node that stands still is removed after about 6 seconds instead of 33, so that what waits for it is answered by a
# copy within a time limit of 10 seconds. A change of the cluster's state waits for every node, too: 5 seconds, not 30.
FAULT_DETECTION = {
    **{
        f"cluster.fault_detection.{who}_check.{name}": value
        for who in ("follower", "leader")
        for name, value in (("interval", "1s"), ("timeout", "2s"), ("retry_count", "2"))
    },
    "cluster.publish.timeout": "5s",
}

REQUIRED_MODULES = (
    "CommonAnalysisModulePlugin",
    "ExpressionModulePlugin",
    "GeoModulePlugin",
    "IngestCommonModulePlugin",
    "MapperExtrasModulePlugin",
    "MatrixAggregationModulePlugin",
    "MustacheModulePlugin",
    "PainlessModulePlugin",
    "ParentJoinModulePlugin",
    "PercolatorModulePlugin",
    "RankEvalModulePlugin",
    "ReindexModulePlugin",
)

LOG4J = """\
status = error
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = ${sys:opensearch.logs.base_path}/engine.log
appender.file.filePattern = ${sys:opensearch.logs.base_path}/engine-%i.log.gz
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
appender.header_warning.type = HeaderWarningAppender
appender.header_warning.name = header_warning
logger.deprecation.name = org.opensearch.deprecation
logger.deprecation.level = warn
logger.deprecation.appenderRef.header_warning.ref = header_warning
logger.deprecation.additivity = false
"""


@dataclass(frozen=True)
class EngineOptions:
    """One engine: HTTP port of its first node, data directory, JVM heap such as `1g`, number of nodes."""

    port: int
    data: Path
    heap: str
    nodes: int

    def __post_init__(self) -> None:
        if not 0 < self.port <= 65535 - self.nodes:
            raise EngineError(f"{self.port} is not a port.")
        if not re.fullmatch(r"[1-9]\d*[mg]", self.heap):
            raise EngineError(f"{self.heap} is not a heap size: write 512m or 2g, for example.")
        if not 1 <= self.nodes <= MAX_NODES:
            raise EngineError(f"{self.nodes} nodes: between 1 and {MAX_NODES} can be started.")

    @property
    def ports(self) -> range:
        """Return the HTTP port of each node."""
        return range(self.port, self.port + self.nodes)

    @property
    def snapshots(self) -> Path:
        """Return the folder that repositories of snapshots may be in."""
        return self.data / SNAPSHOTS

    @property
    def url(self) -> str:
        """Return the address of the first node."""
        return f"http://{LOOPBACK}:{self.port}"


def node_settings(options: EngineOptions, node: int, transport_ports: Sequence[int]) -> dict[str, str]:
    """Return the settings of node number `node` (from 1); lists are comma-separated, as OpenSearch expects."""
    settings = {
        "cluster.name": CLUSTER_NAME,
        "node.name": f"node-{node}",
        "network.host": LOOPBACK,
        "http.port": str(options.ports[node - 1]),
        "transport.port": str(transport_ports[node - 1]),
        "action.auto_create_index": "false",
        "path.repo": str(options.snapshots),
        "cluster.routing.allocation.disk.watermark.low": f"{WATERMARK_LOW_MB}mb",
        "cluster.routing.allocation.disk.watermark.high": f"{WATERMARK_HIGH_MB}mb",
        "cluster.routing.allocation.disk.watermark.flood_stage": f"{WATERMARK_FLOOD_MB}mb",
    }
    if options.nodes == 1:
        return {**settings, "discovery.type": "single-node"}
    return {
        **settings,
        "discovery.type": "zen",  # the runner makes a single node of one that it starts alone
        "discovery.seed_hosts": ",".join(f"{LOOPBACK}:{port}" for port in transport_ports),
        # The first node forms the cluster alone and the others join it: they are started one after the other.
        "cluster.initial_cluster_manager_nodes": "node-1",
        # After a restart the first node has no majority until the second is up: it must not wait for one.
        "discovery.initial_state_timeout": "1ms",
        "cluster.routing.allocation.same_shard.host": "false",
        **FAULT_DETECTION,
    }
