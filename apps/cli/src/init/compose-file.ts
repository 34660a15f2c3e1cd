import type { FoundService } from '@plimsoll/repository/apps'
import type { PlannedService, Proposal } from './propose-blueprint.ts'
import type { Wire, WiredVariable } from './wire-variables.ts'
import { indented, yamlText } from './yaml-line.ts'

const first = { next: 3000, site: 3000, fastify: 4000, worker: 0 } as const

/**
 * A `compose.yaml` that runs what a Blueprint proposes in containers of this machine, from the Dockerfiles of its services (by name).
 * A service that has none is left out. Pure.
 */
export function composeFile(proposal: Proposal, dockerfiles: ReadonlyMap<string, string>): string {
  const services = proposal.services.filter(({ service: { name } }) => dockerfiles.has(name))
  const scene: Scene = { proposal, dockerfiles, ports: portsFor(services.map(({ service }) => service)) }
  const left = proposal.services.filter(({ service: { name } }) => !dockerfiles.has(name)).map(({ service: { name } }) => name)
  return `${[
    '# Written by plimsoll init --compose: all of it in containers of this machine.   docker compose up --build --wait',
    '# The values below are for this machine only. What nobody but you knows goes into .env, which git must not keep.',
    ...(left.length === 0 ? [] : [`# Not among them, for want of a Dockerfile: ${left.join(', ')}`]),
    'services:',
    ...indented([
      ...services.flatMap((planned) => [...serviceLines(planned, scene), '']),
      ...services.filter(({ migrates }) => migrates).flatMap((planned) => [...migrateLines(planned, scene), '']),
      ...storeLines(proposal),
    ], 2),
    ...(proposal.database === undefined ? [] : ['', 'volumes:', '  data:']),
  ].join('\n').trimEnd()}\n`
}

interface Scene {
  readonly proposal: Proposal
  readonly dockerfiles: ReadonlyMap<string, string>
  /** Of this machine, by service; the same inside of the container. */
  readonly ports: ReadonlyMap<string, number>
}

function portsFor(services: readonly FoundService[]): Map<string, number> {
  const ports = new Map<string, number>()
  for (const { name, kind } of services) {
    let port: number = first[kind]
    while ([...ports.values()].includes(port)) port += 1
    if (port > 0) ports.set(name, port)
  }
  return ports
}

function serviceLines(planned: PlannedService, scene: Scene): string[] {
  const { name } = planned.service
  const port = scene.ports.get(name)
  return [
    `${name}:`,
    ...indented([
      ...buildLines(planned, scene),
      ...environmentLines(planned, scene),
      ...(port === undefined ? [] : [`ports: ['127.0.0.1:${port}:${port}']`]),
      ...dependsLines(planned, scene.proposal),
      'init: true',
      'restart: unless-stopped',
    ], 2),
  ]
}

/** Values that become part of pages are wanted when they are built. */
function buildLines({ service, variables }: PlannedService, scene: Scene): string[] {
  const built = variables.filter(({ key, wire }) => key.startsWith('NEXT_PUBLIC_') && wire.is !== 'left')
  return [
    'build:', '  context: .', `  dockerfile: ${yamlText(scene.dockerfiles.get(service.name) ?? 'Dockerfile')}`,
    ...(built.length === 0 ? [] : ['  args:', ...built.map((variable) => `    ${variable.key}: ${yamlText(valueOf(variable, service, scene))}`)]),
  ]
}

function environmentLines({ service, variables }: PlannedService, scene: Scene): string[] {
  const port = scene.ports.get(service.name)
  const lines = [
    ...(port === undefined ? [] : [`PORT: ${port}`]),
    ...variables.filter(({ key, wire }) => !key.startsWith('NEXT_PUBLIC_') && wire.is !== 'left').map((variable) => `${variable.key}: ${yamlText(valueOf(variable, service, scene))}`),
  ]
  return lines.length === 0 ? [] : ['environment:', ...indented(lines, 2)]
}

const password = '${DATABASE_PASSWORD:-for-this-machine-only}'

function valueOf({ key, wire }: WiredVariable, reader: FoundService, { proposal, ports }: Scene): string {
  const inside = databaseName(proposal)
  switch (wire.is) {
    case 'database': return { connectionString: `postgresql://${inside}:${password}@database:5432/${inside}`, connectionPoolString: `postgresql://${inside}:${password}@database:5432/${inside}`, host: 'database', port: '5432', user: inside, password, database: inside }[wire.property]
    case 'keyValue': return { connectionString: 'redis://key-value:6379', host: 'key-value', port: '6379' }[wire.property]
    case 'address': return addressOf(wire, { key, reader, ports })
    case 'generated': return `\${${key}:-for-this-machine-only-and-nowhere-else}`
    case 'value': return wire.value
    case 'empty': return ''
    default: return `\${${key}:?set it in .env}`
  }
}

/** Browsers, and who compares with what they say, know services by this machine; services know each other by name. */
function addressOf({ of: { name }, as }: Extract<Wire, { is: 'address' }>, { key, reader, ports }: { readonly key: string; readonly reader: FoundService; readonly ports: ReadonlyMap<string, number> }): string {
  const port = ports.get(name) ?? 80
  const isForBrowsers = key.startsWith('NEXT_PUBLIC_') || /ORIGINS?$/.test(key) || reader.name === name
  if (as === 'url') return `http://${isForBrowsers ? 'localhost' : name}:${port}`
  if (as === 'hostname') return isForBrowsers ? 'localhost' : name
  return { hostport: `${name}:${port}`, host: name, port: String(port) }[as]
}

function dependsLines({ variables, migrates }: PlannedService, { services, keyValue }: Proposal): string[] {
  const uses = (is: Wire['is']) => variables.some(({ wire }) => wire.is === is)
  const lines = [
    ...(uses('database') ? [services.some((each) => each.migrates) ? '  migrate: { condition: service_completed_successfully }' : '  database: { condition: service_healthy }'] : []),
    ...(keyValue !== undefined && uses('keyValue') ? ['  key-value: { condition: service_healthy }'] : []),
  ]
  return lines.length === 0 && !migrates ? [] : ['depends_on:', ...lines]
}

/** As a pre-deploy command does: before anything meets the new schema, and once. */
function migrateLines(planned: PlannedService, scene: Scene): string[] {
  return [
    '# Brings the schema up to date before anything meets it, and ends.',
    'migrate:',
    ...indented([
      ...buildLines(planned, scene), ...environmentLines(planned, scene),
      `command: [${(planned.service.migration?.value ?? '').split(' ').map((word) => `'${word}'`).join(', ')}]`,
      'healthcheck: { disable: true }', 'depends_on:', '  database: { condition: service_healthy }',
    ], 2),
  ]
}

function databaseName({ database }: Proposal): string {
  return (database ?? 'app').replace(/-db$/, '').replaceAll('-', '_')
}

function storeLines(proposal: Proposal): string[] {
  const inside = databaseName(proposal)
  return [
    ...(proposal.database === undefined ? [] : [
      'database:', '  image: postgres:18-bookworm', '  environment:', `    POSTGRES_USER: ${inside}`, `    POSTGRES_DB: ${inside}`, `    POSTGRES_PASSWORD: ${yamlText(password)}`,
      "  volumes: ['data:/var/lib/postgresql']", '  healthcheck:', `    test: ['CMD', 'pg_isready', '--username', '${inside}']`, '    interval: 2s', '    timeout: 3s', '    retries: 30', '  restart: unless-stopped', '',
    ]),
    ...(proposal.keyValue === undefined ? [] : [
      'key-value:', '  image: valkey/valkey:8', '  healthcheck:', "    test: ['CMD', 'valkey-cli', 'ping']", '    interval: 2s', '    timeout: 3s', '    retries: 30', '  restart: unless-stopped', '',
    ]),
  ]
}
