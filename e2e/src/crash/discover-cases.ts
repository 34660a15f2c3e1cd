import { errorCodes } from '@plimsoll/model'
import { apiCases } from './api-cases.ts'
import { needsLiveRestore, works, type CrashCase, type Way } from './crash-case.ts'
import { casesAt, engineCases, otherCases } from './crash-cases.ts'
import type { CrashWorld } from './crash-world.ts'

/** Brings the world to where it has a live and a previous release. Throws when a command fails. */
export async function settle(world: CrashWorld): Promise<void> {
  await done(world, 0, 'up')
  await world.change('good')
  await done(world, 0, 'release')
}

/** Every case of the matrix, from what a settled world passes when nothing goes wrong; leaves it settled. */
export async function discoverCases(world: CrashWorld): Promise<CrashCase[]> {
  world.faults.passed()
  await world.change('good')
  await done(world, 0, 'release')
  const usual = world.faults.passed()
  const forward = apiCases('forward', usual)
  await done(world, 0, 'rollback')
  const back = apiCases('back', world.faults.passed(), forward.filter(({ point }) => point.startsWith('leases.') || point.startsWith('releases.create')))
  await world.change('bad')
  await done(world, errorCodes.CANDIDATE_EXITED.exit, 'release')
  const passed = world.faults.passed()
  const failed = passed.findIndex((point) => point.includes('failed:'))
  const undo = apiCases('undo', passed).filter(({ point }) => passed.indexOf(point) >= failed || passed.lastIndexOf(point) > failed)
  await world.change('good')
  await done(world, 0, 'up')
  const paused = await ownPoints(world, 'paused', usual)
  const canary = await ownPoints(world, 'canary', usual)
  const engine = world.place.machine?.engine === undefined ? [] : engineCases.filter((one) => !needsLiveRestore(one))
  return casesAt(world.place, [...forward, ...undo, ...back, ...paused, ...canary, ...otherCases, ...engine])
}

/** The API at the points that a release without that does not have. */
async function ownPoints(world: CrashWorld, way: Way, usual: readonly string[]): Promise<CrashCase[]> {
  world.faults.passed()
  await world.change('good')
  await done(world, 0, ...works[way].command)
  return apiCases(way, world.faults.passed()).filter(({ point }) => !usual.includes(point))
}

async function done(world: CrashWorld, code: number, ...args: readonly string[]): Promise<void> {
  const end = await world.run(...args)
  if (end.code !== code) throw new Error(`${args.join(' ')} ended with ${end.code}: ${end.out.slice(-1000)}${end.err}`)
}
