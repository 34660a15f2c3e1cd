import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { blocks, contract, verificationEventSchema, type Verification } from '@plimsoll/model'
import { readEndpoint } from '@plimsoll/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const shop = { params: { app: 'shop' } }

/** A shop with a database and a secret, which both must be its copies' own, and a pre-deploy command that tells which it was given. */
const blueprint = (start: string): string => `databases:
  - name: records
services:
  - type: web
    name: web
    runtime: node
    buildCommand: node --check shop-server.mjs
    preDeployCommand: node -e "console.log(process.env.DATABASE_URL)"
    startCommand: ${JSON.stringify(start)}
    healthCheckPath: /healthz
    maxShutdownDelaySeconds: 10
    envVars:
      - { key: SHOP_DATA, value: ${JSON.stringify(`${plimsoll.home}/shop-data`)} }
      - { key: SECRET, generateValue: true }
      - { key: THIRD_PARTY_KEY, sync: false }
      - key: DATABASE_URL
        fromDatabase: { name: records, property: connectionString }
`

/** What these tests are not about, and takes long; each has tests of its own. */
const leftOut = ['web.browser', 'web.requests', 'web.console', 'web.hydration', 'web.titles', 'web.accessibility', 'load.requests', 'release.switch', 'shutdown.graceful', 'environment.required', 'health.honest', 'services.cut', 'boot.time']
const config = `export default { checks: { skip: ${JSON.stringify(leftOut.map((check) => ({ check, reason: 'takes long' })))} } }\n`

let plimsoll: PlimsollHome
let repo: FixtureRepo
beforeEach(async () => {
  plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '' })
  repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprint('node shop-server.mjs'), files: { 'plimsoll.config.ts': config } })
})
afterEach(async () => {
  expect(await plimsoll.leave()).toEqual([])
})

const run = (...args: readonly string[]): Promise<CommandEnd> => plimsoll.run([...args, '--json'], { cwd: repo.directory })

function recordIn({ out }: CommandEnd): Verification | undefined {
  const events = out.split('\n').filter((line) => line.startsWith('{')).map((line) => verificationEventSchema.safeParse(JSON.parse(line)))
  return events.flatMap(({ data }) => (data?.event === 'end' ? [data.data] : [])).at(-1)
}

/** What copies have, by the names of theirs that lie in the home and beside it. */
async function leftOfCopies(): Promise<string[]> {
  const directories = ['units', 'logs'].map(async (kind) => readdir(`${plimsoll.home}/${kind}`).catch(() => []))
  return [...(await Promise.all(directories)).flat(), ...(await readdir(tmpdir())).filter((name) => name.startsWith('plimsoll-v-'))].filter((name) => name.startsWith('plimsoll-v-'))
}

test('what was proven is released by that proof, and what is let through without one says so ever after', { timeout: 180_000 }, async () => {
  const verified = await run('verify')
  const record = recordIn(verified)
  expect(verified.code, `${verified.out.slice(-3000)}${verified.err}`).toBe(0)
  expect(record).toMatchObject({ state: 'passed', artifacts: [{ service: 'web' }] })
  expect(record?.checks.find(({ id }) => id === 'boot.start')?.verdicts).toMatchObject([{ is: 'pass' }])
  expect(await leftOfCopies()).toEqual([])

  expect((await run('env', 'set', 'web/THIRD_PARTY_KEY=its-own')).code).toBe(0)
  const released = await run('release')
  expect(released.code, `${released.out.slice(-3000)}${released.err}`).toBe(0)
  const client = await plimsoll.client()
  const detail = async (release: string) => client.call(contract.showRelease, { params: { ...shop.params, release } })
  const first = await detail('1')
  expect(first.release.unproven).toBeUndefined()
  expect(first.proof?.verdicts.length).toBeGreaterThan(0)

  await repo.change('B')
  expect((await run('release', '--skip-verify', 'x')).problem?.code).toBe('USAGE')
  expect((await run('release', '--skip-verify', 'a hotfix')).code).toBe(0)
  const second = await detail('2')
  expect(second.release.unproven).toBe('a hotfix')
  expect(second.proof).toBeUndefined()
  expect((await plimsoll.run(['status'], { cwd: repo.directory })).out).toContain('unproven')
})

test('a candidate that does not start is one failure, with all that could not be asked because of it, and nothing of it is released', { timeout: 180_000 }, async () => {
  await repo.write('render.yaml', blueprint('node -e "console.log(42); process.exit(3)"'))
  const verified = await run('verify')
  const record = recordIn(verified)
  expect(verified.code, verified.err).toBe(1)
  const verdicts = record?.checks.flatMap((check) => check.verdicts) ?? []
  expect(verdicts.filter(blocks).map(({ check }) => check)).toEqual(['boot.start'])
  expect(verdicts.find(blocks)?.evidence?.[0]?.text).toContain('42')
  expect(new Set(verdicts.filter(({ because }) => because !== undefined).map(({ because }) => because))).toEqual(new Set(['boot.start']))
  expect(await leftOfCopies()).toEqual([])

  await run('env', 'set', 'web/THIRD_PARTY_KEY=its-own')
  const released = await run('release')
  expect(released).toMatchObject({ code: 36, problem: { code: 'CHECKS_FAILED' } })
  expect(await (await plimsoll.client()).call(contract.showApp, shop)).toMatchObject({ live: null })
})

test('what a verification has left that Plimsoll did not outlive is gone after its next start', { timeout: 180_000 }, async () => {
  await repo.write('render.yaml', blueprint('sleep 600'))
  const verifying = plimsoll.start(['verify', '--json'], { cwd: repo.directory })
  await verifying.printed(/"asking"/)
  await expect.poll(leftOfCopies, { timeout: 60_000 }).toContainEqual(expect.stringMatching(/^plimsoll-v-[0-9a-z]+-[0-9]+$/))
  process.kill((await readEndpoint(plimsoll.home)).pid, 'SIGKILL')
  expect((await verifying.ended).code).toBe(45)

  await repo.write('render.yaml', blueprint('node shop-server.mjs'))
  expect((await run('verify')).code).toBe(0)
  expect(await leftOfCopies()).toEqual([])
  const { verifications: records } = await (await plimsoll.client()).call(contract.listVerifications, shop)
  expect(records.map(({ state }) => state)).toEqual(['passed', 'interrupted'])
})
