import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineAddress } from '@plimsoll/drivers/docker'
import { whyNoDocker } from '@plimsoll/drivers/stand-in'
import { titleOf } from '../src/crash/crash-case.ts'
import { sampleCases } from '../src/crash/crash-cases.ts'
import { faultsOf } from '../src/crash/crash-report.ts'
import { createCrashWorld, type CrashWorld } from '../src/crash/crash-world.ts'
import { settle } from '../src/crash/discover-cases.ts'
import { runMatrix } from '../src/crash/run-matrix.ts'
import { dockerPlace } from '../src/docker/docker-place.ts'

const missing = await whyNoDocker(process.env)

describe.skipIf(missing !== undefined)(`on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  let world: CrashWorld
  beforeAll(async () => {
    world = await createCrashWorld({ place: await dockerPlace(engineAddress(process.env)) })
    await settle(world)
  }, 240_000)
  afterAll(async () => {
    expect(await world.leave()).toEqual([])
  }, 120_000)

  test('whoever is killed in the middle of a release, its undo or a rollback: `up` ends it, one release is live, nothing is left and no request is lost', { timeout: 600_000 }, async () => {
    const judged = await runMatrix(world, sampleCases, () => undefined)
    expect(judged.flatMap((one) => faultsOf(one).map((fault) => `${titleOf(one.case)}: ${fault}`))).toEqual([])
    expect(judged.map((one) => Object.values(one.load.arrivals).some((count) => count > 0))).not.toContain(false)
  })
})
