import { whyNoDockerLab } from '@plimsoll/drivers/stand-in'
import { labOfThisProcess } from '../docker/in-lab.ts'
import { labPlace } from '../docker/lab-place.ts'
import { raiseSwarmPlace } from '../swarm/swarm-place.ts'
import { whyNoSwarmLab } from '../swarm/why-no-swarm-lab.ts'
import { dockerPage, processPage, swarmPage, type GroundPage } from './ground-pages.ts'
import { processPlace } from './process-place.ts'
import type { WorldPlace } from './world-place.ts'

/** Where worlds are made for a whole run. */
export interface Ground {
  readonly place: WorldPlace
  readonly page: GroundPage
  /** The same anew, with an engine that leaves what it runs alone when it dies. Absent where there is no engine. */
  readonly liveRestore?: () => Promise<WorldPlace>
  /** Takes away what was raised for it. */
  readonly end?: () => Promise<void>
}

const openers: Readonly<Record<string, () => Promise<Ground>>> = {
  process: async () => ({ place: processPlace, page: processPage }),
  async docker() {
    const missing = whyNoDockerLab()
    if (missing !== undefined) throw new Error(`an engine that may be killed cannot be started here: ${missing}`)
    const lab = await labOfThisProcess()
    return { place: await labPlace(lab, { liveRestore: false }), page: dockerPage, liveRestore: () => labPlace(lab, { liveRestore: true }) }
  },
  async swarm() {
    const missing = whyNoSwarmLab(process.env)
    if (missing !== undefined) throw new Error(`a cluster cannot be raised here: ${missing}`)
    const place = await raiseSwarmPlace()
    return { place, page: swarmPage, end: () => place.lower() }
  },
}

/** What `--on` names. May do the whole program again, elsewhere, and end with it. */
export async function openGround(on: string): Promise<Ground> {
  const open = openers[on]
  if (open === undefined) throw new Error(`--on is one of ${Object.keys(openers).join(', ')}, and was "${on}"`)
  return open()
}
