import { postgresImage, standInImage } from '@plimsoll/drivers/stand-in'
import { waitUntil } from '@plimsoll/engine/contract'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { edgeImage, edgeUid } from '../src/swarm/edge-image.ts'
import { labClock } from '../src/swarm/lab-clock.ts'
import { publishIn } from '../src/swarm/lab-images.ts'
import { raiseSwarmLab, type SwarmLab } from '../src/swarm/raise-swarm-lab.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

const blueprint = `databases:
  - name: records
services:
  - type: web
    name: web
    runtime: docker
    dockerfilePath: ./Dockerfile
    healthCheckPath: /
    numInstances: 2
    preDeployCommand: node migrate.mjs
    domains: [shop.example.com]
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: records, property: connectionString }
      - key: API
        fromService: { type: pserv, name: api, property: hostport }
  - type: pserv
    name: api
    runtime: docker
    dockerfilePath: ./Dockerfile
    dockerCommand: node api.mjs
`
const web = (version: string): string => `import { createServer } from 'node:http'
createServer(async (request, response) => {
  const said = request.url === '/' ? 'up' : await fetch('http://' + process.env.API).then((answer) => answer.text(), String)
  response.end('${version} ' + said)
}).listen(Number(process.env.PORT), '0.0.0.0')
process.on('SIGTERM', () => process.exit(0))
`
/** Goes well only where the database of the Blueprint takes a connection. */
const migrate = `import { connect } from 'node:net'
const { hostname, port } = new URL(process.env.DATABASE_URL)
const socket = connect({ host: hostname, port: Number(port) }).once('connect', () => socket.destroy()).once('error', (error) => { throw error })
`
const api = `import { createServer } from 'node:http'
createServer((_, response) => response.end('from the api')).listen(Number(process.env.PORT), '0.0.0.0')
process.on('SIGTERM', () => process.exit(0))
`

describe.skipIf(missing !== undefined)(`in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let lab: SwarmLab
  let plimsoll: PlimsollHome
  let repo: FixtureRepo

  beforeEach(async () => {
    lab = await raiseSwarmLab()
    const [first, second, third] = lab.nodes
    const image = await publishIn(lab, edgeImage)
    const base = await standInImage(first.engine, 'slim', AbortSignal.timeout(60_000))
    await Promise.all([lab.label(first, { 'plimsoll.edge': 'true' }), lab.label(second, { 'plimsoll.edge': 'true' }), lab.label(third, { 'plimsoll.data': 'true' })])
    const socket = (directory: string): string => `unix://${lab.directory}/${directory}/socket`
    plimsoll = await createPlimsollHome({ DOCKER_HOST: socket(first.name), PLIMSOLL_POSTGRES_IMAGE: await publishIn(lab, postgresImage) }, lab.enter)
    const production = { driver: 'swarm', app: 'shop', managers: [first, second, third].map(({ name }) => socket(name)), registry: `${lab.registry}/apps`, edgeImage: image, edgeUid }
    const files = {
      'plimsoll.config.ts': `export default ${JSON.stringify({ places: { production } })}\n`,
      Dockerfile: `FROM ${base.name}\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "web.mjs"]\n`, 'web.mjs': web('one'), 'api.mjs': api, 'migrate.mjs': migrate,
    }
    repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint, files })
  })
  afterEach(async () => {
    expect(await plimsoll.leave()).toEqual([])
    await lab.lower()
  })

  const release = async (): Promise<CommandEnd> => {
    const end = await plimsoll.run(['release', '--to', 'production', '--json'], { cwd: repo.directory })
    expect(end.code, `${end.out.slice(-6000)}${end.err}`).toBe(0)
    return end
  }
  /** What users get at the edge of a machine. */
  const ask = (host: string, path = '/api'): string => {
    const [program = '', ...words] = [...lab.enter, process.execPath, '-e', `require('http').get({ host: '${host}', path: '${path}', headers: { host: 'shop.example.com' } }, async (answer) => { for await (const piece of answer) process.stdout.write(piece) })`]
    return execFileSync(program, words, { encoding: 'utf8' })
  }

  test('a release to the cluster of plimsoll.config.ts serves at every edge, its units reach each other, and the next one takes its place', async () => {
    const [first, second] = lab.nodes
    await release()
    for (const { host } of [first, second]) await waitUntil(`the edge at ${host} serves it`, () => ask(host) === 'one from the api', { clock: labClock, withinMs: 60_000 })
    await repo.write('web.mjs', web('two'))
    await release()
    expect([first, second].map(({ host }) => ask(host))).toEqual(['two from the api', 'two from the api'])
  })
})
