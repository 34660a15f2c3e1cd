import { postgresImage, standInImage } from '@plimsoll/drivers/stand-in'
import { execFileSync } from 'node:child_process'
import { createFixtureRepo, type FixtureRepo } from '../plimsoll/fixture-repo.ts'
import { createPlimsollHome, type PlimsollHome } from '../plimsoll/plimsoll-home.ts'
import { edgeImage, edgeUid } from './edge-image.ts'
import { publishIn } from './lab-images.ts'
import { raiseSwarmLab, type SwarmLab } from './raise-swarm-lab.ts'

/** A lab with edges on its first two machines and data on the third, a Plimsoll outside of it, and a repository with a public service, a private one and a database. */
export interface SmallStage {
  readonly lab: SwarmLab
  readonly plimsoll: PlimsollHome
  readonly repo: FixtureRepo
  /** What users get at the edge of a machine, of its public service unless another name is given. */
  ask(host: string, path?: string, name?: string): string
  /** Takes everything down, and gives the commands of processes that did not end by themselves. */
  leave(): Promise<string[]>
}

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
/** The public service, which says its version and what the private one says. */
export const web = (version: string): string => `import { createServer } from 'node:http'
createServer(async (request, response) => {
  // Where the private one is not there, nor anybody who knows all names, a lookup would take a quarter of a minute.
  const said = request.url === '/' ? 'up' : request.url === '/api' ? await fetch('http://' + process.env.API, { signal: AbortSignal.timeout(2_000) }).then((answer) => answer.text(), String) : 'nothing'
  if (said === 'nothing') response.statusCode = 404
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

/** `environment` is added to that of every command. */
export async function createSmallStage(environment: Readonly<Record<string, string>> = {}): Promise<SmallStage> {
  const lab = await raiseSwarmLab()
  const [first, second, third] = lab.nodes
  const image = await publishIn(lab, edgeImage)
  const base = await standInImage(first.engine, 'slim', AbortSignal.timeout(60_000))
  await Promise.all([lab.label(first, { 'plimsoll.edge': 'true' }), lab.label(second, { 'plimsoll.edge': 'true' }), lab.label(third, { 'plimsoll.data': 'true' })])
  const socket = (directory: string): string => `unix://${lab.directory}/${directory}/socket`
  const plimsoll = await createPlimsollHome({ DOCKER_HOST: socket(first.name), PLIMSOLL_POSTGRES_IMAGE: await publishIn(lab, postgresImage), ...environment }, lab.enter)
  const production = { driver: 'swarm', app: 'shop', managers: [first, second, third].map(({ name }) => socket(name)), registry: `${lab.registry}/apps`, edgeImage: image, edgeUid }
  const files = {
    'plimsoll.config.ts': `export default ${JSON.stringify({ places: { production } })}\n`,
    Dockerfile: `FROM ${base.name}\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "web.mjs"]\n`, 'web.mjs': web('one'), 'api.mjs': api, 'migrate.mjs': migrate,
  }
  const repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint, files })
  return {
    lab, plimsoll, repo,
    ask(host, path = '/api', name = 'shop.example.com') {
      const [program = '', ...words] = [...lab.enter, process.execPath, '-e', `require('http').get({ host: '${host}', path: '${path}', headers: { host: '${name}' } }, async (answer) => { for await (const piece of answer) process.stdout.write(piece) })`]
      return execFileSync(program, words, { encoding: 'utf8' })
    },
    async leave() {
      const left = await plimsoll.leave()
      await lab.lower()
      return left
    },
  }
}
