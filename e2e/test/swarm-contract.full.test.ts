import { programsAsUser, programsOn } from '@plimsoll/drivers/stand-in'
import { describeDriver } from '@plimsoll/engine/contract'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { publishIn } from '../src/swarm/lab-images.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { dataLabel, makeSwarmUnderTest } from '../src/swarm/swarm-under-test.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
// A cluster takes seconds to start a task, and two more to take it out of its names before it is told to end.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

describe.skipIf(missing !== undefined)(missing ?? 'a Docker Swarm', () => {
  let lab: SwarmLab
  let image: string
  let asUser: string
  beforeAll(async () => {
    lab = await raiseSwarmLab()
    image = await publishIn(lab, (engine, signal) => programsOn(engine, 'slim', signal))
    asUser = await publishIn(lab, programsAsUser)
    // Two may keep data: each disk is on one of them, whichever release has it.
    for (const node of lab.nodes.slice(1)) await lab.label(node, { [dataLabel]: 'true' })
  })
  afterAll(() => lab.lower())

  describeDriver('swarm', () => makeSwarmUnderTest(lab, image, asUser))
})
