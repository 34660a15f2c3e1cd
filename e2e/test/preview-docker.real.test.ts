import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { engineAddress, openDockerEngine, type DockerEngine } from '@plimsoll/drivers/docker'
import { postgresImage, redisImage, standInImage, whyNoDocker } from '@plimsoll/drivers/stand-in'
import { contract } from '@plimsoll/model'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clearDocker } from '../src/docker/on-docker.ts'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const missing = await whyNoDocker(process.env)
const never = new AbortController().signal
const run = promisify(execFile)

const blueprint = `previews: { generation: automatic }
databases:
  - name: records
services:
  - type: keyvalue
    name: cache
    ipAllowList: []
  - type: web
    name: web
    runtime: docker
    dockerfilePath: ./Dockerfile
    healthCheckPath: /
    envVars:
      - { key: DATABASE_URL, fromDatabase: { name: records, property: connectionString } }
      - { key: CACHE_URL, fromService: { type: keyvalue, name: cache, property: connectionString } }
      - { key: MODE, value: live, previewValue: preview }
`
const teller = `import { createServer } from 'node:http'
const { DATABASE_URL, CACHE_URL, MODE } = process.env
createServer((_, response) => response.end(JSON.stringify({ DATABASE_URL, CACHE_URL, MODE }))).listen(Number(process.env.PORT), '0.0.0.0')
`

interface Told {
  readonly DATABASE_URL: string
  readonly CACHE_URL: string
  readonly MODE: string
}

describe.skipIf(missing !== undefined)(`on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  let engine: DockerEngine
  let plimsoll: PlimsollHome
  let repo: FixtureRepo

  beforeEach(async () => {
    engine = openDockerEngine(engineAddress(process.env))
    plimsoll = await createPlimsollHome({ PLIMSOLL_POSTGRES_IMAGE: (await postgresImage(engine, never)).name, PLIMSOLL_KEYVALUE_IMAGE: (await redisImage(engine, never)).name })
    const dockerfile = `FROM ${(await standInImage(engine, 'slim', never)).name}\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "tell.mjs"]\n`
    repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint, files: { Dockerfile: dockerfile, 'tell.mjs': teller } })
  }, 120_000)

  afterEach(async () => {
    await command('down', '--all', '--destroy-data')
    const left = await clearDocker(engine, plimsoll.home, never)
    expect([left, await plimsoll.leave()]).toEqual([[], []])
  }, 60_000)

  async function command(...args: readonly string[]): Promise<CommandEnd> {
    const end = await plimsoll.run(args, { cwd: repo.directory })
    expect(end.code, `${args.join(' ')}\n${end.out.slice(-3000)}${end.err}`).toBe(0)
    return end
  }

  async function told(app: string): Promise<Told> {
    const { services } = await (await plimsoll.client()).call(contract.showApp, { params: { app } })
    return (await (await fetch(services.find(({ url }) => url !== undefined)?.url ?? '')).json()) as Told
  }

  async function namesLike(suffix: string): Promise<string[]> {
    const lists = await Promise.all([run('docker', ['ps', '-a', '--format', '{{.Names}}']), run('docker', ['volume', 'ls', '--format', '{{.Name}}']), run('docker', ['network', 'ls', '--format', '{{.Name}}'])])
    return lists.flatMap(({ stdout }) => stdout.split('\n')).filter((name) => name.includes(suffix))
  }

  async function ask(app: string, sql: string): Promise<unknown[]> {
    const [container = ''] = await namesLike(`.${app}.database.records`)
    const { stdout } = await run('docker', ['inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container])
    const url = new URL((await told(app)).DATABASE_URL)
    url.hostname = stdout.trim()
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows ?? []
    } finally {
      await client.end()
    }
  }

  test('a preview is a set of containers with a copy of the live data, of which nothing reaches the app, and of which nothing is left when it is ended', { timeout: 400_000 }, async () => {
    await command('up', '--on', 'docker')
    await ask('shop', "create table notes (text text); insert into notes values ('of the live app')")
    await repo.git('checkout', '-q', '-b', 'next')
    await repo.change('next')
    await command('preview', 'create', 'next')
    const [live, preview] = [await told('shop'), await told('shop-next')]
    expect([live.MODE, preview.MODE]).toEqual(['live', 'preview'])
    expect(preview.CACHE_URL).not.toBe(live.CACHE_URL)
    expect(await ask('shop-next', 'select text from notes')).toEqual([{ text: 'of the live app' }])
    await ask('shop-next', 'truncate notes')
    expect(await ask('shop', 'select text from notes')).toEqual([{ text: 'of the live app' }])
    expect((await namesLike('.shop-next')).length).toBeGreaterThan(0)
    const kept = await namesLike('.shop.')

    await command('preview', 'end', 'next')
    expect(await namesLike('.shop-next')).toEqual([])
    expect(await namesLike('.shop.')).toEqual(kept)
    expect(await told('shop')).toEqual(live)
    expect(await ask('shop', 'select text from notes')).toEqual([{ text: 'of the live app' }])
  })
})
