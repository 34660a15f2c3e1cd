import { databaseProperties, serviceProperties } from '@plimsoll/model'
import type { Report } from './report.ts'
import { boolean, choice, envValue, formed, record, text, type Field, type RecordShape, type Shape } from './shape.ts'
import { named, variableName } from './text-forms.ts'
import type { MapNode } from './yaml-tree.ts'

/** What `fromService.type` can be; wider than the types of services. */
export const referenceTypes = ['web', 'cron', 'worker', 'pserv', 'workflow', 'static', 'dpg', 'job', 'redis', 'keyvalue'] as const

const key: Field = { key: 'key', shape: formed(variableName), required: 'key: NAME' }

const literalFields: readonly Field[] = [
  { key: 'value', shape: envValue },
  { key: 'generateValue', shape: boolean },
  { key: 'sync', shape: boolean },
  { key: 'previewValue', shape: envValue },
]

const fromService: Field = {
  key: 'fromService',
  shape: record('fromService', [
    { key: 'type', shape: choice('a type of service', referenceTypes), required: 'type: web, or the type of the service it names' },
    { key: 'name', shape: formed(named), required: 'name: the name of the service' },
    { key: 'property', shape: choice('a property of services', serviceProperties, { instead: { url: 'write envVarKey: RENDER_EXTERNAL_URL in place of property' } }) },
    { key: 'envVarKey', shape: formed(variableName) },
  ]),
}

const fromDatabase: Field = {
  key: 'fromDatabase',
  shape: record('fromDatabase', [
    { key: 'name', shape: formed(named), required: 'name: the name of the database' },
    { key: 'property', shape: choice('a property of databases', databaseProperties, { instead: { url: 'write connectionString', username: 'write user' } }), required: 'property: connectionString' },
  ]),
}

const fromGroup: Field = { key: 'fromGroup', shape: text }

const allFields = [key, ...literalFields, fromService, fromDatabase, fromGroup]

/** Template metadata that Render's own examples carry. */
const tolerated = ['description', 'displayName', 'sensitive', 'required', 'scope']

const instead: Readonly<Record<string, string>> = {
  name: 'the name of a variable goes under "key"',
  fromSecret: 'write sync: false and set the value outside the file',
  default: 'write value',
  secret: 'write sync: false',
  generate: 'write generateValue: true',
  fromEnvVarGroup: 'write fromGroup',
  property: 'it belongs inside fromService or fromDatabase',
  envVarKey: 'it belongs inside fromService',
}

const envRecord = (what: string, fields: readonly Field[], elsewhere: (name: string) => string | undefined): RecordShape =>
  record(what, fields, { tolerated, instead, elsewhere })

const inOtherForm = (why: string) => (name: string) => (allFields.some((field) => field.key === name) ? why : undefined)

const literal = envRecord('a variable', [key, ...literalFields], () => undefined)
const forms: Readonly<Record<string, RecordShape>> = {
  fromService: envRecord('a variable from a service', [key, fromService], inOtherForm('a reference has no value of its own; remove the line')),
  fromDatabase: envRecord('a variable from a database', [key, fromDatabase], inOtherForm('a reference has no value of its own; remove the line')),
  fromGroup: envRecord('a linked group', [fromGroup], inOtherForm('all variables of the group are taken under their own names; remove the line')),
}
const undecided = envRecord('a variable', allFields.map(optional), () => undefined)

function optional({ key: name, shape }: Field): Field {
  return { key: name, shape }
}

/** One entry of a service's `envVars`: the keys decide which of the four forms it is. */
export const envVarShape: Shape = { is: 'pick', pick: pickForm }

/** One entry of a group's `envVars`: values only. */
export const groupVarShape: Shape = { is: 'pick', pick: pickLiteral }

function pickForm(node: MapNode, report: Report): RecordShape {
  const sources = Object.keys(forms).filter((name) => node.entries.has(name))
  const own = ['value', 'generateValue', 'sync'].filter((name) => node.entries.has(name))
  const [first] = sources
  if (first === undefined) return literal
  if (sources.length === 1 && own.length === 0) return forms[first] ?? literal
  const names = [...sources, ...own]
  report.add('env-forms', node, `has ${names.join(' and ')}, which exclude each other`, `keep one of them; most likely ${first}`)
  return undecided
}

function pickLiteral(node: MapNode, report: Report): RecordShape {
  const source = Object.keys(forms).find((name) => node.entries.has(name))
  if (source === undefined) return literal
  report.add('group-literal-only', node, `a group holds values only, and this has ${source}`, `move it to the envVars of each service that needs it`)
  return undecided
}
