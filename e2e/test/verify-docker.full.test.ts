import { readEndpoint } from '@plimsoll/client'
import { engineAddress, openDockerEngine } from '@plimsoll/drivers/docker'
import { whyNoDocker } from '@plimsoll/drivers/stand-in'
import { blocks, verificationEventSchema } from '@plimsoll/model'
import { describe, expect, onTestFinished, test } from 'vitest'
import { clearDocker, onDocker } from '../src/docker/on-docker.ts'
import { standInImages } from '../src/docker/stand-in-images.ts'
import { createStorefrontRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const missing = await whyNoDocker(process.env)
const never = new AbortController().signal

/** What a place cannot be asked: containers are no processes of this machine, and images no directories. */
const notAsked = ['artifact.files', 'services.carries-traffic', 'services.cut']

describe.skipIf(missing !== undefined)(`the storefront on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  test('is proven in copies with databases of their own, after which nothing of them is on the engine, nor of one that Plimsoll did not outlive', { timeout: 1_200_000 }, async () => {
    const engine = openDockerEngine(engineAddress(process.env))
    const plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '', ...(await standInImages(engine, never)) })
    onTestFinished(async () => {
      await clearDocker(engine, plimsoll.home, never)
      expect(await plimsoll.leave()).toEqual([])
    })
    const { directory: cwd, write } = await createStorefrontRepo(`${plimsoll.home}/repos/storefront`)
    // Its own suites are as good in one place as in another, and one of them measures.
    await write('plimsoll.config.ts', 'export default { suites: [] }\n')
    const ofCopies = async (): Promise<string[]> => {
      const { containers, networks, volumes } = await onDocker(engine, plimsoll.home, never)
      return [...containers.map(({ name }) => name), ...networks, ...volumes].filter((name) => name.includes('plimsoll-v-'))
    }

    const dying = plimsoll.start(['verify', '--on', 'docker', '--json'], { cwd })
    await expect.poll(ofCopies, { timeout: 600_000, interval: 500 }).toContainEqual(expect.stringMatching(/\.api-r1\.0$/))
    process.kill((await readEndpoint(plimsoll.home)).pid, 'SIGKILL')
    expect((await dying.ended).code).toBe(45)
    expect(await ofCopies()).not.toEqual([])

    const { code, out, err } = await plimsoll.run(['verify', '--on', 'docker', '--json'], { cwd })
    expect(await ofCopies()).toEqual([])
    const events = out.split('\n').filter((line) => line.startsWith('{')).map((line) => verificationEventSchema.safeParse(JSON.parse(line)))
    const checks = events.flatMap(({ data }) => (data?.event === 'end' ? data.data.checks : []))
    expect(checks.flatMap(({ verdicts }) => verdicts.filter(blocks)), err).toEqual([])
    expect(code).toBe(0)
    for (const id of notAsked) expect(checks.find((check) => check.id === id)?.verdicts[0]?.is, id).toBe('skipped')
    for (const id of ['database.migrate-twice', 'database.two-migrators', 'health.honest', 'boot.start', 'release.switch']) expect(checks.find((check) => check.id === id)?.verdicts[0]?.is, id).toBe('pass')
  })
})
