import { afterAll, beforeAll, expect, test } from 'vitest'
import { titleOf } from '../src/crash/crash-case.ts'
import { sampleCases } from '../src/crash/crash-cases.ts'
import { faultsOf } from '../src/crash/crash-report.ts'
import { createCrashWorld, type CrashWorld } from '../src/crash/crash-world.ts'
import { discoverCases, settle } from '../src/crash/discover-cases.ts'
import { runMatrix } from '../src/crash/run-matrix.ts'

const full = process.env['PLIMSOLL_E2E'] === 'full'

let world: CrashWorld
beforeAll(async () => {
  world = await createCrashWorld()
  await settle(world)
}, 120_000)
afterAll(async () => {
  expect(await world.leave()).toEqual([])
}, 60_000)

test(`whoever is killed in the middle of ${full ? 'any point of ' : ''}a release, its undo or a rollback: \`up\` ends it, one release is live, nothing is left and no request is lost`, { timeout: 3_600_000 }, async () => {
  const cases = full ? await discoverCases(world) : sampleCases
  const judged = await runMatrix(world, cases, (result) => full && console.log(`${titleOf(result.case)} → ${result.outcome}`))
  expect(judged.flatMap((one) => faultsOf(one).map((fault) => `${titleOf(one.case)}: ${fault}`))).toEqual([])
  expect(judged.map((one) => Object.values(one.load.arrivals).some((count) => count > 0))).not.toContain(false)
})
