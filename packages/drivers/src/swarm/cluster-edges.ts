import type { Clock } from '@plimsoll/engine'
import type { Address } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { placeLabels } from '../container/place-labels.ts'
import { openPlace } from '../process/place.ts'
import { contentName, edgeName, edgeNetwork } from './cluster-names.ts'
import { makeNetwork } from './cluster-network.ts'
import { settleContent } from './content-secrets.ts'
import { hasEnded, isPlaced, taskStates } from './cluster.ts'
import { edgeSpec, isMadeFrom, type EdgesWanted } from './edge-spec.ts'
import { openManagers } from './open-managers.ts'
import { paceOfCluster } from './start-pace.ts'

export interface ClusterEdgesOptions {
  /** That of the driver. */
  readonly home: string
  readonly managers: readonly [DockerEngine, ...DockerEngine[]]
  readonly clock: Clock
  readonly wanted: EdgesWanted
  /** What an edge finds below `/run/secrets`, by name. */
  readonly secrets: Readonly<Record<string, string>>
  /** What machines have to show at the registry of the image. */
  readonly login: Readonly<Record<string, string>>
}

/** The edges of a cluster: one on each machine with a label, the only holders of ports there. */
export interface ClusterEdges {
  /**
   * Makes their service, or gives it what is wanted now where anything of it differs: then they follow each other, one machine after the other, and the next one ends
   * when the one before serves again. The cluster stops there when one does not come up. Twice is once.
   */
  ensure(signal: AbortSignal): Promise<void>
  /** Where each is steered, also one on a machine that the cluster has lost: it may serve users. */
  members(signal: AbortSignal): Promise<readonly (Address & { readonly name: string })[]>
  /** Every machine, in an order that stays: where its engine takes connections from the other machines at all times, and what runs there that edges ask. */
  machines(signal: AbortSignal): Promise<readonly ClusterMachine[]>
}

export interface ClusterMachine extends Address {
  /** Of its instances, in the network of the edges. */
  readonly addresses: readonly string[]
  readonly hasEdge: boolean
}

/** Where the engines of a Swarm tell each other what runs where; each of them takes connections there from all others. */
const gossipPort = 7_946

const serviceSchema = z.object({ ID: z.string(), Version: z.object({ Index: z.number() }), Spec: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }) })
const nodesSchema = z.array(z.object({ ID: z.string(), Description: z.object({ Hostname: z.string() }), Status: z.object({ Addr: z.string() }) }))
const tasksSchema = z.array(z.object({ NodeID: z.string().optional(), DesiredState: z.string(), Status: z.object({ State: z.enum(taskStates) }) }))
const placedSchema = z.array(z.object({
  NodeID: z.string().optional(), ServiceID: z.string(),
  NetworksAttachments: z.array(z.object({ Network: z.object({ Spec: z.object({ Name: z.string() }) }), Addresses: z.array(z.string()).nullish() })).nullish(),
}))

export function createClusterEdges({ home, managers: engines, clock, wanted, secrets, login }: ClusterEdgesOptions): ClusterEdges {
  const place = openPlace(home)
  const managers = openManagers({ engines, clock })
  const name = edgeName(place)
  const to = 'run edges in the cluster'
  const find = async (signal: AbortSignal): Promise<z.infer<typeof serviceSchema> | undefined> => {
    const { status, body } = await managers.call({ path: `/services/${name}`, to, also: [404] }, signal)
    return status === 404 ? undefined : serviceSchema.parse(JSON.parse(body))
  }
  return {
    async ensure(signal) {
      await makeNetwork({ managers }, { name: edgeNetwork(place), labels: placeLabels(place) }, signal)
      const made = await Promise.all(Object.entries(secrets).map(async ([file, data]) => {
        const secret = { name: contentName('edge', [place.id, file, data]), data }
        return { id: await settleContent(managers, { ...secret, labels: placeLabels(place), to }, signal), name: secret.name, file }
      }))
      const body = edgeSpec(place, { ...wanted, pace: await paceOfCluster(managers, signal) }, made)
      const found = await find(signal)
      if (found === undefined) await managers.call({ method: 'POST', path: '/services/create', body, headers: login, to, also: [409] }, signal)
      // 500: somebody else has changed it since it was read, to the same.
      else if (!isMadeFrom(body, found.Spec.Labels ?? {})) await managers.call({ method: 'POST', path: `/services/${found.ID}/update`, query: { version: found.Version.Index }, body, headers: login, to, also: [500] }, signal)
    },
    async members(signal) {
      const found = await find(signal)
      if (found === undefined) return []
      const [nodes, tasks] = await Promise.all([
        managers.read(nodesSchema, { path: '/nodes', to }, signal),
        managers.read(tasksSchema, { path: '/tasks', query: { filters: { service: [name] } }, to }, signal),
      ])
      // Of a machine that it has lost a cluster wants nothing any more, and its edge is there all the same: when the machine is back it serves before the cluster has replaced it.
      const on = new Set(tasks.filter(({ DesiredState, Status }) => DesiredState === 'running' || (isPlaced({ state: Status.State }) && !hasEnded({ state: Status.State }))).map(({ NodeID }) => NodeID))
      return nodes.filter(({ ID }) => on.has(ID)).map(({ Description, Status }) => ({ name: Description.Hostname, host: Status.Addr, port: wanted.ports.control }))
    },
    async machines(signal) {
      const [edges, nodes, tasks] = await Promise.all([
        find(signal),
        managers.read(nodesSchema, { path: '/nodes', to }, signal),
        managers.read(placedSchema, { path: '/tasks', query: { filters: { 'desired-state': ['running'] } }, to }, signal),
      ])
      return nodes.toSorted((one, other) => (one.ID < other.ID ? -1 : 1)).map(({ ID, Status }) => {
        const here = tasks.filter(({ NodeID }) => NodeID === ID)
        return { host: Status.Addr, port: gossipPort, addresses: here.flatMap(({ NetworksAttachments }) => addressesIn(NetworksAttachments ?? [], edgeNetwork(place))).toSorted(), hasEdge: here.some(({ ServiceID }) => ServiceID === edges?.ID) }
      })
    },
  }
}

/** Without the length of the prefix. */
function addressesIn(attachments: NonNullable<z.infer<typeof placedSchema>[number]['NetworksAttachments']>, network: string): string[] {
  return attachments.filter(({ Network }) => Network.Spec.Name === network).flatMap(({ Addresses }) => (Addresses ?? []).map((each) => each.replace(/\/\d+$/, '')))
}
