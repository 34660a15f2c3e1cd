import { slugOf } from '@plimsoll/model'
import type { FoundRepository, FoundService } from '@plimsoll/repository/apps'
import { buildCommand } from './build-command.ts'
import { variableLines } from './variable-lines.ts'
import { wireVariables, type WiredVariable } from './wire-variables.ts'
import { indented, yamlText } from './yaml-line.ts'

/** What only a person can say. */
export interface Answers {
  readonly region: string
  /** Values of variables, by key. */
  readonly values: ReadonlyMap<string, string>
  /** Dockerfiles, by service, for those that are to be built from one. */
  readonly dockerfiles: ReadonlyMap<string, string>
}

export interface PlannedService {
  readonly service: FoundService
  readonly variables: readonly WiredVariable[]
  /** The one of those with a database that brings its schema up to date. */
  readonly migrates: boolean
}

/** What is proposed, before it is text. */
export interface Proposal {
  readonly found: FoundRepository
  readonly services: readonly PlannedService[]
  /** Names of the resources that services share; undefined for one that none wants. */
  readonly database: string | undefined
  readonly keyValue: string | undefined
  readonly group: string | undefined
  /** Generated values that more than one service reads, and that must be the same for all. */
  readonly shared: ReadonlySet<string>
}

/** Decides what a Blueprint for `found` says. */
export function proposalFor(found: FoundRepository, { values }: Pick<Answers, 'values'>): Proposal {
  const wired = found.services.filter(({ kind, start }) => kind === 'site' || start !== undefined).map((service) => ({ service, variables: wireVariables({ found, service, given: values }) }))
  const wants = (is: WiredVariable['wire']['is']) => wired.filter(({ variables }) => variables.some(({ wire }) => wire.is === is))
  const base = slugOf(found.name.split('/').at(-1) ?? found.name)
  const migrator = migratorOf(wants('database').map(({ service }) => service))
  const generated = wired.flatMap(({ variables }) => variables.filter(({ wire }) => wire.is === 'generated').map(({ key }) => key))
  const shared = new Set(generated.filter((key, index) => generated.indexOf(key) !== index))
  return {
    found, shared,
    services: wired.map((each) => ({ ...each, migrates: each.service === migrator })),
    database: wants('database').length > 0 ? `${base}-db` : undefined,
    keyValue: wants('keyValue').length > 0 ? `${base}-cache` : undefined,
    group: shared.size > 0 ? `${base}-shared` : undefined,
  }
}

/** The text of the Blueprint: every line that was found out says where. Pure: the same proposal and answers give the same. */
export function blueprintFor(proposal: Proposal, answers: Answers): string {
  return `${[
    '# Written by plimsoll init, from what this repository holds, for reading and for changing: comments say where each line comes from.',
    'services:',
    ...proposal.services.flatMap((planned, index) => [...(index === 0 ? [] : ['']), ...indented(serviceLines(planned, proposal, answers), 2)]),
    ...keyValueLines(proposal, answers),
    ...databaseLines(proposal, answers),
    ...groupLines(proposal),
  ].join('\n')}\n`
}

/** A server that browsers do not load pages from is the likeliest to own the schema. */
function migratorOf(services: readonly FoundService[]): FoundService | undefined {
  const able = services.filter(({ migration }) => migration !== undefined)
  return (['fastify', 'next', 'worker'] as const).map((kind) => able.find((service) => service.kind === kind)).find((service) => service !== undefined)
}

const titles = { next: 'Next.js', site: 'Next.js, exported as files', fastify: 'Fastify', worker: 'A worker: it listens nowhere' } as const

function serviceLines(planned: PlannedService, proposal: Proposal, answers: Answers): string[] {
  const { service, variables } = planned
  const { kind, name, from } = service
  const dockerfile = answers.dockerfiles.get(name)
  return [
    `# ${titles[kind]} (${from})`,
    `- type: ${kind === 'worker' ? 'worker' : 'web'}`,
    ...indented([
      `name: ${name}`,
      `runtime: ${kind === 'site' ? 'static' : dockerfile === undefined ? 'node' : 'docker'}`,
      ...(kind === 'site' ? [] : ['plan: starter', `region: ${answers.region}`]),
      ...(proposal.found.ci === undefined ? [] : [`# Not before the checks of the commit have passed (${proposal.found.ci})`, 'autoDeployTrigger: checksPass']),
      ...(dockerfile === undefined ? commandLines(planned, proposal) : [`dockerfilePath: ./${dockerfile}`, 'dockerContext: .', ...migrationLines(planned)]),
      ...healthLines(service),
      ...filterLines(planned, proposal, dockerfile),
      ...variableLines(variables, { proposal, needsNode: proposal.found.node === undefined && dockerfile === undefined }),
    ], 2),
  ]
}

function commandLines(planned: PlannedService, { found }: Proposal): string[] {
  const { start, publishPath, package: target } = planned.service
  return [
    `# ${found.manager.from}${found.turbo === undefined || target.directory === '' ? '' : `, ${found.turbo.from}`}`,
    `buildCommand: ${yamlText(buildCommand(found, planned.service))}`,
    ...migrationLines(planned),
    ...(start === undefined ? [] : [`# ${start.from}`, `startCommand: ${yamlText(start.value)}`]),
    ...(publishPath === undefined ? [] : [`staticPublishPath: ${yamlText(publishPath)}`]),
  ]
}

function migrationLines({ service: { migration }, migrates }: PlannedService): string[] {
  return migration === undefined || !migrates ? [] : [`# ${migration.from}`, `preDeployCommand: ${yamlText(migration.value)}`]
}

function healthLines({ kind, healthPath }: FoundService): string[] {
  if (kind === 'worker' || kind === 'site') return []
  if (healthPath === undefined) return ['# No path was found that tells its health: until there is one, an open port counts. With one: healthCheckPath: /healthz']
  return [`# ${healthPath.from}`, `healthCheckPath: ${yamlText(healthPath.value)}`]
}

/** What has to change for the service to be built anew. A repository of one package has nothing else. */
function filterLines({ service: { package: target, dependsOn } }: PlannedService, { found }: Proposal, dockerfile: string | undefined): string[] {
  if (target.directory === '') return []
  const directories = [target, ...dependsOn.toSorted((a, b) => a.directory.localeCompare(b.directory))].map(({ directory }) => `${directory}/**`)
  return ['buildFilter:', '  paths:', ...[...directories, ...found.rootFiles, ...(dockerfile === undefined ? [] : ['docker/**', '.dockerignore'])].map((path) => `    - ${yamlText(path)}`)]
}

function keyValueLines({ keyValue, services }: Proposal, { region }: Answers): string[] {
  if (keyValue === undefined) return []
  const found = services.map(({ service }) => service.keyValue).find((each) => each !== undefined)
  const queue = services.map(({ service }) => service.keyValue).find((each) => each?.library === 'bullmq')
  return ['', ...indented([
    `# ${(queue ?? found)?.from}`, '- type: keyvalue', `  name: ${keyValue}`, '  plan: starter', `  region: ${region}`,
    ...(queue === undefined ? [] : ['  # A queue must not lose what waits in it.', '  maxmemoryPolicy: noeviction']),
    '  ipAllowList: []',
  ], 2)]
}

function databaseLines({ database, services }: Proposal, { region }: Answers): string[] {
  if (database === undefined) return []
  const found = services.map(({ service }) => service.database).find((each) => each !== undefined)
  const inside = database.replace(/-db$/, '').replaceAll('-', '_')
  const safe = /^[a-z]/.test(inside) && inside !== 'postgres' ? inside : 'app'
  return ['', 'databases:', `  # ${found?.from}`, `  - name: ${database}`, '    plan: basic-256mb', `    region: ${region}`, `    databaseName: ${safe}`, `    user: ${safe}`, "    postgresMajorVersion: '18'", '    # Reached by the services above alone.', '    ipAllowList: []']
}

function groupLines({ group, shared, services }: Proposal): string[] {
  if (group === undefined) return []
  return ['', 'envVarGroups:', '  # Secrets that several services read, and that must be the same for all.', `  - name: ${group}`, '    envVars:', ...[...shared].toSorted().flatMap((key) => {
    const readers = services.flatMap(({ variables }) => variables.filter((each) => each.key === key && each.wire.is === 'generated').map(({ from }) => from))
    return [`      # ${[...new Set(readers)].join(', ')}`, `      - key: ${key}`, '        generateValue: true']
  })]
}
