import type { Place } from '@plimsoll/verify/config'

/** What a place says of its cluster, as the variables that a Plimsoll is started with; undefined where it says nothing. */
export function clusterOf({ managers, registry, edgeImage, edgeUid, edgeNodes, edgePort, dataLabel }: Place): Readonly<Record<string, string>> | undefined {
  if (managers === undefined) return undefined
  const said = {
    PLIMSOLL_SWARM_MANAGERS: managers.join(','), PLIMSOLL_SWARM_REGISTRY: registry, PLIMSOLL_SWARM_EDGE_IMAGE: edgeImage, PLIMSOLL_SWARM_EDGE_UID: edgeUid,
    PLIMSOLL_SWARM_EDGE_NODES: edgeNodes, PLIMSOLL_SWARM_EDGE_PORT: edgePort, PLIMSOLL_SWARM_DATA_LABEL: dataLabel,
  }
  return Object.fromEntries(Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])))
}
