import type { Clock } from '@plimsoll/engine'
import type { Address } from '@plimsoll/model'
import { z } from 'zod'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { placeLabels } from '../container/place-labels.ts'
import { openPlace } from '../process/place.ts'
import { contentName, edgeName, edgeNetwork } from './cluster-names.ts'
import { makeNetwork } from './cluster-network.ts'
import { settleContent } from './content-secrets.ts'
import { edgeSpec, type EdgesWanted } from './edge-spec.ts'
import { openManagers } from './open-managers.ts'

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
  /** Makes their service, or gives it what is wanted now: then they follow each other, one machine after the other. Twice is once. */
  ensure(signal: AbortSignal): Promise<void>
  /** Where each is steered, also one on a machine that the cluster has lost: it may serve users. */
  members(signal: AbortSignal): Promise<readonly (Address & { readonly name: string })[]>
}

const serviceSchema = z.object({ ID: z.string(), Version: z.object({ Index: z.number() }), Spec: z.looseObject({ TaskTemplate: z.looseObject({ ContainerSpec: z.looseObject({ Image: z.string() }) }) }) })
const nodesSchema = z.array(z.object({ ID: z.string(), Description: z.object({ Hostname: z.string() }), Status: z.object({ Addr: z.string() }) }))
const tasksSchema = z.array(z.object({ NodeID: z.string().optional(), DesiredState: z.string(), ServiceID: z.string() }))

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
      const body = edgeSpec(place, wanted, made)
      const found = await find(signal)
      if (found === undefined) await managers.call({ method: 'POST', path: '/services/create', body, headers: login, to, also: [409] }, signal)
      // 500: somebody else has changed it since it was read, to the same.
      else if (found.Spec.TaskTemplate.ContainerSpec.Image !== wanted.image) await managers.call({ method: 'POST', path: `/services/${found.ID}/update`, query: { version: found.Version.Index }, body, headers: login, to, also: [500] }, signal)
    },
    async members(signal) {
      const found = await find(signal)
      if (found === undefined) return []
      const [nodes, tasks] = await Promise.all([
        managers.read(nodesSchema, { path: '/nodes', to }, signal),
        managers.read(tasksSchema, { path: '/tasks', query: { filters: { service: [name] } }, to }, signal),
      ])
      const on = new Set(tasks.filter(({ DesiredState }) => DesiredState === 'running').map(({ NodeID }) => NodeID))
      return nodes.filter(({ ID }) => on.has(ID)).map(({ Description, Status }) => ({ name: Description.Hostname, host: Status.Addr, port: wanted.ports.control }))
    },
  }
}
