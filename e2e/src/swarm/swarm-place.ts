import { postgresImage, standInImage } from '@plimsoll/drivers/stand-in'
import { processesOf } from '../crash/home-processes.ts'
import { shapeOf, withKinds } from '../crash/home-shape.ts'
import type { Running, WorldPlace } from '../crash/world-place.ts'
import { imageForPrograms } from '../docker/docker-place.ts'
import { shopTarget } from '../shop/shop-target.ts'
import { edgeImage, edgeUid } from './edge-image.ts'
import { publishIn } from './lab-images.ts'
import { clearHome, kindOf, onSwarm, type ClusterContainer } from './on-swarm.ts'
import { openLabDoor } from './open-lab-door.ts'
import { raiseSwarmLab, type SwarmLab } from './raise-swarm-lab.ts'

/** A cluster of its own, for one world after the other. */
export interface SwarmPlace extends WorldPlace {
  readonly lab: SwarmLab
  /** Takes it down. */
  lower(): Promise<void>
}

const patienceMs = 120_000

/** Three machines that are one cluster: edges on the first two, data on the third. Plimsoll runs beside them, in their network. */
export async function raiseSwarmPlace(): Promise<SwarmPlace> {
  const lab = await raiseSwarmLab()
  const [first, second, third] = lab.nodes
  const [image, postgres] = [await publishIn(lab, edgeImage), await publishIn(lab, postgresImage)]
  const base = await standInImage(first.engine, 'slim', AbortSignal.timeout(patienceMs))
  await Promise.all([lab.label(first, { 'plimsoll.edge': 'true' }), lab.label(second, { 'plimsoll.edge': 'true' }), lab.label(third, { 'plimsoll.data': 'true' })])
  const door = await openLabDoor(lab)
  const users = await door.open([first, second].map(({ host }) => `${host}:80`))
  const doors = new Map<string, Promise<number>>()
  const socket = (name: string): string => `unix://${lab.directory}/${name}/socket`
  return {
    ...imageForPrograms(base.name),
    lab,
    name: 'swarm',
    host: lab.outside,
    environment: {
      DOCKER_HOST: socket(first.name), PLIMSOLL_SWARM_MANAGERS: lab.nodes.map(({ name }) => socket(name)).join(','), PLIMSOLL_SWARM_REGISTRY: `${lab.registry}/apps`,
      PLIMSOLL_SWARM_EDGE_IMAGE: image, PLIMSOLL_SWARM_EDGE_UID: String(edgeUid), PLIMSOLL_POSTGRES_IMAGE: postgres,
    },
    standing: ['edge of the cluster', 'edge of the cluster', 'records'],
    pace: 10,
    // Edges of a cluster have no heirs, one instance of a service no other that serves meanwhile, and its machines are lost one by one: see swarm-faults.full.test.ts.
    spared: ['edge', 'edge and heir', 'machine', 'live instance', 'candidate instance', 'previous instance', 'full disk'],
    elsewhere: {
      enter: lab.enter,
      reach(host) {
        const known = doors.get(host) ?? door.open([host])
        doors.set(host, known)
        return known
      },
      target: { ...shopTarget(users), web: new URL(`http://web.shop.localhost:${users}`), api: new URL(`http://api.shop.localhost:${users}`) },
      async openWitness() {
        const before = door.notes().length
        return { url: door.witness, notes: () => door.notes().slice(before), close: async () => undefined }
      },
    },
    async running(home) {
      const [processes, { containers }] = await Promise.all([processesOf(home), onSwarm(lab, home)])
      return [...processes, ...containers.filter(isTask).map(runningOf)]
    },
    async shape(home) {
      const [files, { things, containers }] = await Promise.all([shapeOf(home), onSwarm(lab, home)])
      const services = new Set(things.filter(({ what }) => what === 'service').map(({ id }) => id))
      // What a service that is there has run before is kept by the cluster, to be looked at.
      const others = containers.filter((each) => !isTask(each) && (each.service === undefined || !services.has(each.service)))
      return withKinds(files, [...things.map(kindOf), ...others.map(({ service, state }) => `container of ${service === undefined ? 'no' : 'a removed'} service ${state}`)])
    },
    left: (home) => clearHome(lab, home),
    async lower() {
      await door.close()
      await lab.lower()
    },
  }
}

function isTask({ service, state }: ClusterContainer): boolean {
  return service !== undefined && state === 'running'
}

function runningOf({ id, node, labels }: ClusterContainer): Running {
  const { 'plimsoll.service': service, 'plimsoll.release': release, 'plimsoll.resource': resource } = labels
  return {
    role: resource ?? (service === undefined ? 'edge of the cluster' : `${service} r${release ?? ''}`),
    listens: [],
    async kill() {
      await node.engine.call({ method: 'POST', path: `/containers/${id}/kill`, to: 'kill a task' }, AbortSignal.timeout(patienceMs))
    },
  }
}
