import type { FoundService } from '@plimsoll/repository/apps'
import type { Painter } from '../screen/painter.ts'
import type { InitPlan, PlannedFile } from './plan-init.ts'
import type { PlannedService, Proposal } from './propose-blueprint.ts'
import type { Wire, WiredVariable } from './wire-variables.ts'

/** What was found and where, then every file as it would be written, then what a person should know. */
export function planText({ proposal, files, remarks }: InitPlan, paint: Painter): string {
  return `${[
    headLine(proposal, paint),
    ...proposal.services.flatMap((planned) => ['', ...serviceLines(planned, proposal, paint)]),
    ...files.flatMap((file) => ['', ...fileLines(file, paint)]),
    ...(remarks.length === 0 ? [] : ['', ...remarks.map((remark) => `${paint('yellow', '!')} ${remark}`)]),
  ].join('\n')}\n`
}

const kinds = { next: 'Next.js', site: 'Next.js, as files', fastify: 'Fastify', worker: 'worker' } as const

function headLine({ found: { name, manager, turbo, node } }: Proposal, paint: Painter): string {
  const parts = [`${manager.name} (${manager.from})`, ...(turbo === undefined ? [] : [`Turborepo (${turbo.from})`]), node === undefined ? 'no word about which Node' : `Node ${node.value} (${node.from})`]
  return `${paint('bold', name)}: ${parts.join(', ')}`
}

function serviceLines({ service, variables, migrates }: PlannedService, proposal: Proposal, paint: Painter): string[] {
  const { name, kind, from, start, healthPath, publishPath, migration } = service
  const row = (title: string, text: string, source: string): string => `  ${title.padEnd(9)} ${text}  ${paint('dim', source)}`
  return [
    `${paint('bold', name)}  ${kinds[kind]}  ${paint('dim', from)}`,
    ...(start === undefined ? [] : [row('started', start.value, start.from)]),
    ...(publishPath === undefined ? [] : [row('published', publishPath, from)]),
    ...(healthPath === undefined ? healthless(service, row) : [row('health', healthPath.value, healthPath.from)]),
    ...(migration === undefined || !migrates ? [] : [row('migrates', migration.value, migration.from)]),
    ...variables.map((variable) => row('reads', `${variable.key}: ${wireText(variable, proposal)}`, variable.from)),
  ]
}

function healthless({ kind }: FoundService, row: (title: string, text: string, source: string) => string): string[] {
  return kind === 'worker' || kind === 'site' ? [] : [row('health', 'no path was found: an open port counts', '')]
}

function wireText({ key, wire }: WiredVariable, { database, keyValue, shared, group }: Proposal): string {
  switch (wire.is) {
    case 'database': return `${wire.property} of ${database}`
    case 'keyValue': return `${wire.property} of ${keyValue}`
    case 'address': return `${wire.as} of ${wire.of.name}`
    case 'generated': return shared.has(key) ? `generated, in group ${group}` : 'generated'
    case 'value': return wire.value
    case 'empty': return 'empty: it leads to nothing that was found here'
    case 'asked': return 'asked for when it is first needed'
    default: return leftTexts[wire.because]
  }
}

const leftTexts: Readonly<Record<Extract<Wire, { is: 'left' }>['because'], string>> = {
  default: 'not given, it has a default', optional: 'not given, it does without', unsure: 'not given; what it does without was not found out',
}

function fileLines({ path, text, isThere }: PlannedFile, paint: Painter): string[] {
  if (isThere) return [`${paint('yellow', '•')} ${path} is there already, and stays`]
  return [`${paint('green', '+')} ${paint('bold', path)}`, ...text.trimEnd().split('\n').map((line) => paint('dim', `  │ ${line}`))]
}
