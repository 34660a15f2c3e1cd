import { afterAll, beforeAll, test } from 'vitest'
import { holdGoesOn, holdTakenBack } from './killed-on-render.ts'
import { openRenderWorld, type RenderWorld } from './render-world.ts'

const patience = { timeout: 120_000 }
let world: RenderWorld

beforeAll(async () => {
  world = await openRenderWorld()
}, patience.timeout)
afterAll(() => world.close(), patience.timeout)

test.each([
  'journal.append done:plan after', 'platform.survey during', 'journal.append done:note-deploys after', 'platform.apply variable mailer before', 'journal.append done:settle before',
  'platform.begin api before', 'platform.begin api after', 'platform.follow api after', 'journal.append done:deploy before', 'journal.append done:check-public after',
])('killed at %s, a release goes on to its end when Plimsoll is there again, with one deploy of each service', patience, (point) => holdGoesOn(world, point))

test.each([
  'journal.append failed:deploy before', 'platform.rollBack api before', 'platform.holdAutoDeploy api after', 'journal.append undone:deploy before',
])('killed at %s of a release that fails, it ends as that, with what was live before', patience, (point) => holdTakenBack(world, point))
