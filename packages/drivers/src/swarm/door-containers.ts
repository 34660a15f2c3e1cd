import type { AppName } from '@plimsoll/model'
import { z } from 'zod'
import { appLabels } from '../container/place-labels.ts'
import { dialExec } from '../docker-engine/dial-exec.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import type { Place } from '../process/place.ts'
import { clusterNetwork } from './cluster-names.ts'
import { doorProgram, openDoorLine, type DoorLine } from './door-line.ts'
import { isAway } from './is-away.ts'

export interface DoorContainersOptions {
  readonly place: Place
  /** An image with Node: of a registry, by digest, or one that those have. */
  readonly image: string
  /** What a machine has to show at the registry from where it pulls that. */
  readonly login: (app: AppName, signal: AbortSignal) => Promise<Readonly<Record<string, string>>>
}

/** Doors as containers of one machine each, which are in the network of an app and wait for what is executed in them. */
export interface DoorContainers {
  /** A line through the one on this machine, which is made and started if need be. */
  line(engine: DockerEngine, app: AppName, signal: AbortSignal): Promise<DoorLine>
  /** Takes it away, where there is one. An engine that is away counts as having none: it takes its door with it when it comes back to a network that is gone. */
  remove(engine: DockerEngine, app: AppName, signal: AbortSignal): Promise<void>
}

/** For a machine that pulls the image for the first time. */
export const pullMs = 300_000
export const removeMs = 5_000

const createdSchema = z.object({ Id: z.string() })

/** What a door's container is called. */
export function doorName(place: Place, app: AppName): string {
  return `${clusterNetwork(place, app)}-door`
}

export function createDoorContainers({ place, image, login }: DoorContainersOptions): DoorContainers {
  const open = async (engine: DockerEngine, app: AppName, signal: AbortSignal): Promise<void> => {
    const to = `look into the network of ${app}`
    const path = `/containers/${doorName(place, app)}`
    const { status } = await engine.call({ method: 'POST', path: `${path}/start`, to, also: [404] }, signal)
    if (status !== 404) return
    const body = {
      Image: image, Entrypoint: ['node', '-e', 'setInterval(() => undefined, 1 << 30)'], Cmd: [], Labels: appLabels(place, app), Healthcheck: { Test: ['NONE'] }, User: '65534:65534',
      HostConfig: { Init: true, NetworkMode: clusterNetwork(place, app), CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], ReadonlyRootfs: true, LogConfig: { Type: 'none' } },
    }
    // 409: somebody else was faster.
    const make = { method: 'POST', path: '/containers/create', query: { name: doorName(place, app) }, body, to } as const
    if ((await engine.call({ ...make, also: [404, 409] }, signal)).status === 404) {
      const [fromImage = '', tag] = image.split('@')
      await engine.call({ method: 'POST', path: '/images/create', query: { fromImage, tag }, headers: await login(app, signal), to, patienceMs: pullMs }, signal)
      await engine.call({ ...make, also: [409] }, signal)
    }
    await engine.call({ method: 'POST', path: `${path}/start`, to }, signal)
  }
  return {
    async line(engine, app, signal) {
      const to = `look into the network of ${app}`
      const body = { Cmd: ['node', '-e', doorProgram], Env: ['NODE_OPTIONS='], AttachStdin: true, AttachStdout: true, AttachStderr: true }
      const request = { method: 'POST', path: `/containers/${doorName(place, app)}/exec`, body, to, also: [404, 409] } as const
      let made = await engine.call(request, signal)
      if (made.status >= 400) {
        await open(engine, app, signal)
        made = await engine.call({ ...request, also: [] }, signal)
      }
      return openDoorLine(await dialExec(engine.address, { id: createdSchema.parse(JSON.parse(made.body)).Id, to }, signal))
    },
    async remove(engine, app, signal) {
      const request = { method: 'DELETE', path: `/containers/${doorName(place, app)}`, query: { force: true, v: true }, to: `leave the network of ${app}`, also: [404, 409], patienceMs: removeMs } as const
      await engine.call(request, signal).catch((error: unknown) => {
        if (!isAway(error)) throw error
      })
    },
  }
}
