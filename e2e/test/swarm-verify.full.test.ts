import { readEndpoint } from '@plimsoll/client'
import { blocks, verdictSchema, type Verdict } from '@plimsoll/model'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CommandEnd } from '../src/plimsoll/plimsoll-home.ts'
import { leftOfCopies } from '../src/swarm/left-of-copies.ts'
import { createSmallStage, web, type SmallStage } from '../src/swarm/small-stage.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 1_800_000, hookTimeout: 300_000 })

/** What was asked and has passed, of a small app without pages and documents. */
const asked = ['boot.start', 'boot.stays-up', 'service.health', 'service.wiring', 'boot.bind-address', 'boot.port', 'database.migrate-empty', 'database.migrate-twice', 'database.two-migrators', 'database.connections', 'database.old-on-new', 'shutdown.graceful', 'release.switch', 'load.requests']

describe.skipIf(missing !== undefined)(`verified in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stage: SmallStage
  beforeEach(async () => {
    stage = await createSmallStage({ PLIMSOLL_SKIP_VERIFY: '' })
    // Its private service, the last one, does not start where it cannot write to its disk.
    const { repo: { directory, write } } = stage
    await write('render.yaml', `${readFileSync(join(directory, 'render.yaml'), 'utf8')}    disk: { name: notes, mountPath: /var/notes }\n`)
    await write('api.mjs', `import { appendFileSync } from 'node:fs'\nappendFileSync('/var/notes/starts', 'once more')\n${readFileSync(join(directory, 'api.mjs'), 'utf8')}`)
  })
  afterEach(async () => {
    expect(await stage.leave()).toEqual([])
  })

  const words = ['release', '--to', 'production', '--json']
  const release = (): Promise<CommandEnd> => stage.plimsoll.run(words, { cwd: stage.repo.directory })
  const left = (): Promise<readonly string[]> => leftOfCopies(stage.lab)
  /** A machine takes a moment to remove the container of a task that has ended. */
  const gone = (): Promise<void> => expect.poll(left, { timeout: 30_000 }).toEqual([])

  test('a release is proven in copies of which nothing is left, also of those that Plimsoll did not outlive; a bad one is refused, and the live one serves on', async () => {
    const { lab: { nodes: [first, second] }, plimsoll, repo, ask } = stage
    const served = (): readonly string[] => [first, second].map(({ host }) => ask(host))
    const dying = plimsoll.start(words, { cwd: repo.directory })
    await expect.poll(left, { timeout: 300_000, interval: 500 }).toContainEqual(expect.stringMatching(/service plimsoll-v-\w+-\d+-api-r1-/))
    process.kill((await readEndpoint(plimsoll.home)).pid, 'SIGKILL')
    await dying.ended
    expect(await left()).not.toEqual([])

    // It goes on where it was, in copies of its own.
    const resumed = await release()
    expect(resumed.code, `${JSON.stringify(resumed.problem)}${resumed.err}`).toBe(0)
    await gone()
    expect(served()).toEqual(['one from the api', 'one from the api'])

    await repo.write('web.mjs', web('two'))
    const good = await release()
    const verdicts = verdictsIn(good)
    expect(verdicts.filter(blocks), good.err).toEqual([])
    expect(good.code, good.err).toBe(0)
    for (const id of asked) expect(verdicts.find(({ check }) => check === id)?.is, id).toBe('pass')
    expect(warmedIn(good)).toContainEqual(expect.objectContaining({ service: 'web', requests: expect.any(Number) }))
    await gone()
    expect(served()).toEqual(['two from the api', 'two from the api'])

    await repo.write('web.mjs', web('bad').replace('response.end(', "response.statusCode = 500\n  response.end("))
    const bad = await release()
    expect(bad.problem?.code, bad.out.slice(-3_000)).toBe('CHECKS_FAILED')
    expect(verdictsIn(bad).filter(blocks).map(({ check }) => check)).toContain('boot.start')
    await gone()
    expect(served()).toEqual(['two from the api', 'two from the api'])
  })
})

/** What was asked of each service before users met it. */
function warmedIn({ events }: CommandEnd): unknown {
  const done = events.find(({ event, data }) => event === 'entry' && data.is === 'done' && data.step === 'warm-candidate')
  return done?.event === 'entry' && done.data.is === 'done' ? (done.data.gives as { warmth: unknown }).warmth : undefined
}

/** Wherever a release shows them. */
function verdictsIn({ out }: CommandEnd): readonly Verdict[] {
  return out.split('\n').filter((line) => line.startsWith('{')).flatMap((line) => verdictsBelow(JSON.parse(line)))
}

function verdictsBelow(data: unknown): readonly Verdict[] {
  if (data === null || typeof data !== 'object') return []
  const { success, data: verdict } = verdictSchema.safeParse(data)
  return success ? [verdict] : Object.values(data).flatMap(verdictsBelow)
}
