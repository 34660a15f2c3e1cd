import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract, type AppView, type ErrorCode } from '@plimsoll/model'
import { leftBehind } from '../src/leaks/left-behind.ts'
import { createFixtureRepo, shopBlueprint, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { freePorts } from '../src/plimsoll/free-ports.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { describeAfterTheSwitch, sharedData } from './after-the-switch.ts'

/** One way to get a release wrong, and what a person is told. */
interface BadRelease {
  readonly title: string
  readonly blueprint: () => string | Promise<string>
  readonly files?: Readonly<Record<string, string>>
  readonly code: ErrorCode
  readonly exit: number
  readonly message: RegExp
  readonly hint?: RegExp
  /** Must be in the log that is shown with it. */
  readonly log?: RegExp
}

const dyingShop = `import { createServer } from 'node:http'
createServer((request, response) => {
  response.end('ok')
  setTimeout(() => { console.log('I had better go'); process.exit(9) }, 250)
}).listen(process.env.PORT, '0.0.0.0')
`

const badReleases: readonly BadRelease[] = [
  {
    title: 'whose build fails',
    blueprint: () => shopBlueprint({ build: 'echo "the compiler is unhappy" && exit 3' }),
    code: 'BUILD_FAILED', exit: 30, message: /web/, log: /the compiler is unhappy/,
  },
  {
    title: 'that exits at its start',
    blueprint: () => shopBlueprint({ start: 'echo "no configuration" && exit 7' }),
    code: 'CANDIDATE_EXITED', exit: 33, message: /web ended with status 7/, log: /no configuration/,
  },
  {
    title: 'that never listens',
    blueprint: () => shopBlueprint({ start: 'node -e "setInterval(() => undefined, 1000)"' }),
    code: 'CANDIDATE_UNREACHABLE', exit: 35, message: /web did not answer .* it has opened no port/, hint: /0\.0\.0\.0 and PORT/,
  },
  {
    title: 'that listens on localhost of the wrong family',
    blueprint: () => shopBlueprint({ environment: { HOST: '::1' } }),
    code: 'CANDIDATE_UNREACHABLE', exit: 35, message: /it listens on \[::1\]:\d+ instead/, hint: /Listen on host "0\.0\.0\.0"/,
  },
  {
    title: 'that ignores PORT',
    blueprint: async () => shopBlueprint({ start: `PORT=${await freePorts(1)} node shop-server.mjs` }),
    code: 'CANDIDATE_UNREACHABLE', exit: 35, message: /it listens on .*:\d+ instead/, hint: /the port that the environment variable PORT names/,
  },
  {
    title: 'that answers its health check with an error',
    blueprint: () => shopBlueprint({}).replace('/healthz', '/not-there'),
    code: 'CANDIDATE_UNHEALTHY', exit: 34, message: /GET \/not-there with 404/,
  },
  {
    title: 'that is healthy and then dies',
    blueprint: () => shopBlueprint({ start: 'node dying.mjs' }),
    files: { 'dying.mjs': dyingShop },
    code: 'CANDIDATE_EXITED', exit: 33, message: /web ended with status 9/, log: /I had better go/,
  },
  {
    title: 'whose pre-deploy command fails',
    blueprint: () => shopBlueprint({}).replace('    healthCheckPath', '    preDeployCommand: echo "column is missing" && exit 4\n    healthCheckPath'),
    code: 'MIGRATION_FAILED', exit: 32, message: /web/, log: /column is missing/,
  },
]

let plimsoll: PlimsollHome
let shop: FixtureRepo
let web: string

beforeAll(async () => {
  plimsoll = await createPlimsollHome({ PLIMSOLL_HEALTH_DEADLINE_MS: '5000' })
  shop = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: shopBlueprint({ environment: { SHOP_DATA: sharedData(plimsoll) } }) })
  const end = await release()
  expect(end.code, end.out + end.err).toBe(0)
  web = (await view()).services[0]?.url ?? ''
}, 120_000)
afterAll(async () => {
  expect(await plimsoll.leave()).toEqual([])
}, 60_000)

async function release(cwd = shop.directory, ...more: readonly string[]): Promise<CommandEnd> {
  return plimsoll.run(['release', '--json', ...more], { cwd })
}

async function view(): Promise<AppView> {
  return (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })
}

async function servingNow(): Promise<string | null> {
  const answer = await fetch(`${web}/v1/products`)
  expect(answer.status).toBe(200)
  await answer.arrayBuffer()
  return answer.headers.get('x-served-by')
}

describeAfterTheSwitch(() => ({ plimsoll, shop }))

describe('a release', () => {
  test.each(badReleases)('$title is told as $code, takes itself back and leaves nothing', { timeout: 90_000 }, async (bad) => {
    const before = await servingNow()
    await shop.write('render.yaml', await bad.blueprint())
    for (const [path, text] of Object.entries(bad.files ?? {})) await shop.write(path, text)
    await shop.change(bad.title)
    const end = await release()
    expect(end.problem, end.out.slice(-2000)).toMatchObject({ code: bad.code, message: expect.stringMatching(bad.message) as string })
    if (bad.hint !== undefined) expect(end.problem?.hint).toMatch(bad.hint)
    if (bad.log !== undefined) expect(JSON.stringify(end.problem?.details?.['log'])).toMatch(bad.log)
    expect(end.code).toBe(bad.exit)
    expect(end.release?.state).toBe('undone')
    expect(await servingNow()).toBe(before)
    expect(await leftBehind(plimsoll.home, `shop-web-r${end.release?.number}-`)).toEqual([])
  })
})

test('a directory without a render.yaml is told as NO_BLUEPRINT', async () => {
  const empty = await createFixtureRepo({ directory: `${plimsoll.home}/repos/empty`, blueprint: undefined })
  const end = await release(empty.directory)
  expect(end.problem).toMatchObject({ code: 'NO_BLUEPRINT', message: expect.stringContaining('render.yaml') as string })
  expect(end.code).toBe(10)
})

test('a render.yaml with twenty mistakes is told with all twenty, each with its line', async () => {
  const wrong = Array.from({ length: 10 }, (_, at) => `  - type: wbe\n    name: web-${at}\n    runtime: noode\n`)
  const repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/wrong`, blueprint: `services:\n${wrong.join('')}` })
  const end = await release(repo.directory)
  expect(end.problem?.code).toBe('BLUEPRINT_INVALID')
  expect(end.code).toBe(11)
  const diagnostics = end.problem?.details?.['diagnostics'] as readonly { readonly line: number }[]
  expect(diagnostics.length).toBeGreaterThanOrEqual(20)
  for (const at of wrong.keys()) for (const line of [2 + 3 * at, 4 + 3 * at]) expect(diagnostics.map((each) => each.line)).toContain(line)
})

test('a tree with uncommitted changes is released as it stands and says so', { timeout: 60_000 }, async () => {
  await shop.write('render.yaml', shopBlueprint({}))
  await shop.write('release.txt', 'not committed\n')
  const end = await release()
  expect(end.release, end.out + end.err).toMatchObject({ state: 'live', source: { dirty: true } })
  expect(await servingNow()).toContain(`shop-web-r${end.release?.number}-`)
})

test('a shallow clone is released like any other', { timeout: 60_000 }, async () => {
  await shop.change('cloned')
  const clone = `${plimsoll.home}/repos/clone`
  await shop.git('clone', '-q', '--depth', '1', `file://${shop.directory}`, clone)
  const end = await release(clone, '--app', 'shop')
  expect(end.release, end.out + end.err).toMatchObject({ state: 'live', source: { dirty: false } })
})

test('the second of two releases at once is told who releases, a pause waits its turn, and the first ends as if nothing had been', { timeout: 90_000 }, async () => {
  await shop.write('render.yaml', shopBlueprint({ build: 'sleep 4' }))
  await shop.change('slow to build')
  const first = plimsoll.start(['release', '--json'], { cwd: shop.directory })
  await first.printed(/"is":"started","step":"build"/)
  const second = await release(shop.directory, '--wait', '0')
  expect(second.problem).toMatchObject({ code: 'RELEASE_LOCKED' })
  expect(second.code).toBe(21)
  const pause = plimsoll.start(['pause', '--for', '1', '--wait', '60', '--json'], { cwd: shop.directory })
  expect((await first.ended).release?.state).toBe('live')
  expect(await pause.ended).toMatchObject({ code: 0, err: expect.stringMatching(/Waiting for release \d+ of shop to end/) as string, out: expect.stringContaining('"pause"') as string })
})

test('Ctrl-C in the middle of a build stops the build, takes the release back and says so', { timeout: 90_000 }, async () => {
  const before = await servingNow()
  await shop.write('render.yaml', shopBlueprint({ build: 'sleep 300 # of this build' }))
  await shop.change('never built')
  const command = plimsoll.start(['release', '--json'], { cwd: shop.directory })
  await command.printed(/"is":"started","step":"build"/)
  command.kill('SIGINT')
  const end = await command.ended
  expect(end.problem?.code).toBe('INTERRUPTED')
  expect(end.code).toBe(130)
  expect(await servingNow()).toBe(before)
  expect((await leftBehind(plimsoll.home)).filter(({ command: line }) => line.includes('sleep 300'))).toEqual([])
})
