import type { Proposal } from './propose-blueprint.ts'
import type { Wire, WiredVariable } from './wire-variables.ts'
import { indented, yamlText } from './yaml-line.ts'

/** Without any word about it, the Node that a service gets changes with the day on which it was made. */
const usualNode = '24'

/** The `envVars` of a service, each with the place that reads it, and what is left out and why. */
export function variableLines(variables: readonly WiredVariable[], { proposal, needsNode }: { readonly proposal: Proposal; readonly needsNode: boolean }): string[] {
  const shared = variables.filter(({ key, wire }) => wire.is === 'generated' && proposal.shared.has(key))
  const entries = variables.filter(({ wire, key }) => wire.is !== 'left' && !(wire.is === 'generated' && proposal.shared.has(key)))
  const lines = [
    ...(needsNode ? ['# Neither .node-version nor engines.node says which Node is meant.', '- key: NODE_VERSION', `  value: ${yamlText(usualNode)}`] : []),
    ...entries.flatMap((entry) => [`# ${entry.from}`, `- key: ${entry.key}`, ...indented(wireLines(entry.wire, proposal), 2)]),
    ...(shared.length === 0 || proposal.group === undefined ? [] : [`- fromGroup: ${proposal.group}`]),
  ]
  return [...(lines.length === 0 ? [] : ['envVars:', ...indented(lines, 2)]), ...leftLines(variables)]
}

const reasons = { default: 'Left to what the program takes without', optional: 'Read, and done without', unsure: 'Read, and what becomes of it without was not found out' } as const

function leftLines(variables: readonly WiredVariable[]): string[] {
  return (['default', 'optional', 'unsure'] as const).flatMap((because) => {
    const left = variables.filter(({ wire }) => wire.is === 'left' && wire.because === because)
    return left.length === 0 ? [] : [`# ${reasons[because]}: ${left.map(({ key, from }) => `${key} (${from})`).join(', ')}`]
  })
}

function wireLines(wire: Wire, { database, keyValue }: Proposal): string[] {
  switch (wire.is) {
    case 'database': return ['fromDatabase:', `  name: ${database}`, `  property: ${wire.property}`]
    case 'keyValue': return ['fromService:', '  type: keyvalue', `  name: ${keyValue}`, `  property: ${wire.property}`]
    case 'address': return ['fromService:', '  type: web', `  name: ${wire.of.name}`, `  ${addressProperty(wire.as)}`]
    case 'generated': return ['generateValue: true']
    case 'value': return [`value: ${yamlText(wire.value)}`]
    case 'empty': return ['# Built into pages, and leads to nothing that was found here.', "value: ''"]
    default: return ['# Nobody but you knows it: asked for when it is first needed, and kept outside this file.', 'sync: false']
  }
}

function addressProperty(as: Extract<Wire, { is: 'address' }>['as']): string {
  if (as === 'url') return 'envVarKey: RENDER_EXTERNAL_URL'
  return as === 'hostname' ? 'envVarKey: RENDER_EXTERNAL_HOSTNAME' : `property: ${as}`
}
