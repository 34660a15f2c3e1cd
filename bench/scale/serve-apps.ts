import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openPlace } from '../../packages/drivers/src/process/place.ts'
import { writeUnit } from '../../packages/drivers/src/process/records.ts'
import { createEdge } from '../../packages/edge/src/control/create-edge.ts'
import { ensureEdge } from '../../packages/edge/src/control/edge-process.ts'
import { releaseNumberSchema, trafficSchema, unitName, unitSchema, type AppName, type Traffic, type UnitSpec } from '../../packages/model/src/model.ts'
import { appNames, releasesOf } from './sizes.ts'
import type { TypicalRelease } from './typical-release.ts'

interface Serving {
  readonly home: string
  readonly edgePort: number
  /** From here on, one for each service that is reached from outside. */
  readonly entryPorts: number
  readonly typical: TypicalRelease
}

const never = new AbortController().signal

/** Makes the newest release of every app live: its traffic in the edge, and its units in the place, which Plimsoll starts when it comes up. */
export async function serveApps({ home, edgePort, entryPorts, typical }: Serving): Promise<void> {
  const { controlSocket } = await ensureEdge({ home, port: edgePort }, never)
  const edge = createEdge({ controlSocket })
  const place = openPlace(home)
  const run = typical.specs.filter(({ kind }) => kind === 'web' || kind === 'worker')
  const shown = typical.specs.filter(({ kind }) => kind === 'web')
  await mkdir(join(home, 'units'), { recursive: true, mode: 0o700 })
  for (const [index, app] of appNames.entries()) {
    await edge.shift(trafficOf(app, shown, entryPorts + index * shown.length), never)
    for (const spec of run) {
      const unit = unitOf(app, spec, releasesOf(app))
      const artifact = typical.artifacts[spec.service]
      if (artifact !== undefined) await writeUnit(place, { app, unit, spec, artifact, environment: {}, instances: [`${unit.name}-0-bench`], stopping: false })
    }
  }
}

function unitOf(app: AppName, { service }: UnitSpec, number: number) {
  const release = releaseNumberSchema.parse(number)
  return unitSchema.parse({ name: unitName(app, service, release), service, release })
}

/** Addresses at which nobody listens: nobody asks for these apps here. */
function trafficOf(app: AppName, specs: readonly UnitSpec[], from: number): Traffic {
  const part = (release: number) => ({
    release, deploymentIds: Object.fromEntries(specs.map(({ service }) => [service, `dpl-${app}-${release}`])),
    targets: Object.fromEntries(specs.map((spec) => [spec.service, { kind: 'instances', unit: unitOf(app, spec, release).name, addresses: [{ host: '127.0.0.1', port: 10_000 }] }])),
  })
  const live = releasesOf(app)
  return trafficSchema.parse({ app, fence: 1, entries: Object.fromEntries(specs.map(({ service }, index) => [service, { port: from + index, hosts: [`${service}.${app}.localhost`] }])), live: part(live), previous: [part(live - 1)] })
}
