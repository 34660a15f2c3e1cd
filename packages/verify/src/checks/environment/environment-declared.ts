import type { UnitSpec } from '@plimsoll/model'
import { isOfPlatform, isPublicKey, programSources, variablesOf, type ProgramVariable } from '@plimsoll/repository/program'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import { inwardAddress } from '../artifact/addresses-in.ts'
import type { SourceCode, SourceReaders } from '../source-code.ts'
import { unreadVariables } from './unread-variables.ts'

/** What services read of the environment is given to them, and what they are given is read. */
export function environmentDeclared({ readSource, readBlueprint, nearest }: Pick<SourceReaders, 'readSource' | 'readBlueprint' | 'nearest'>): RehearsalCheck {
  return {
    id: 'environment.declared',
    title: 'Services are given every variable that they read',
    concern: 'environment',
    after: ['blueprint.resolves'],
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const code = await readSource(rehearsal.source, signal)
      const unread = await unreadVariables({ rehearsal, code, readBlueprint }, signal)
      const services = rehearsal.specs.filter(({ runtime, kind }) => runtime === 'node' && kind !== 'static' && kind !== 'keyvalue')
      const looks: Look[] = []
      for (const spec of services) looks.push(await lookAt({ spec, rehearsal, code, unread: unread.filter(({ services: holders }) => holders.includes(spec.service)).map(({ key }) => key), nearest }, signal))
      const findings = [...looks.flatMap((look) => look.findings), ...unread.map(({ finding }) => finding)]
      const seen = looks.filter(({ read }) => read !== undefined)
      if (seen.length === 0 && findings.length === 0) return [{ is: 'skipped', finding: 'No service runs code of this repository that can be followed' }]
      return findings.length > 0 ? findings : [praise(seen)]
    },
  }
}

interface Look {
  readonly service: string
  /** Undefined for a service whose code is not at hand. */
  readonly read: readonly ProgramVariable[] | undefined
  readonly findings: readonly Finding[]
  readonly left: readonly ProgramVariable[]
}

function praise(looks: readonly Look[]): Finding {
  const defaults = looks.flatMap(({ service, left }) => left.map(({ key, file, line }) => `${service} ${key} (${file}:${line})`))
  return {
    is: 'pass',
    finding: `${looks.map(({ service, read = [] }) => `${service} reads ${read.length}`).join(', ')} variables, and each is given or can be done without`,
    ...(defaults.length > 0 && { evidence: [{ title: 'Left to their defaults', text: defaults.join('\n') }] }),
  }
}

interface Scene {
  readonly spec: UnitSpec
  readonly rehearsal: Rehearsal
  readonly code: SourceCode
  /** Variables that it is given and does not read. */
  readonly unread: readonly string[]
  readonly nearest: SourceReaders['nearest']
}

async function lookAt(scene: Scene, signal: AbortSignal): Promise<Look> {
  const { spec, rehearsal, code } = scene
  const program = await programSources({ root: rehearsal.source.root, code, program: code.programOf(spec) }, signal)
  if (program === undefined) return { service: spec.service, read: undefined, findings: [], left: [] }
  const read = variablesOf(program).filter(({ key }) => !isPublicKey(key))
  const given = rehearsal.environments[spec.service] ?? {}
  const missing = read.filter(({ key }) => !(key in given) && !isOfPlatform(key))
  return { service: spec.service, read, findings: missing.flatMap((variable) => accusation(variable, program.exact, scene) ?? []), left: missing }
}

function accusation({ key, need, file, line }: ProgramVariable, exact: boolean, { spec: { service }, rehearsal: { source }, unread, nearest }: Scene): Finding | undefined {
  const meant = nearest(key, unread)
  const common = {
    is: 'fail', service,
    hint: `${meant === undefined ? '' : `${source.blueprint} gives it ${meant}, which nothing reads: is that the same? `}Give ${key} to ${service} under envVars in ${source.blueprint}, or leave it out of the code.`,
    reproduce: `grep -n ${key} ${file}`,
  } as const
  if (need.is === 'required') return {
    ...common, ...(!exact && { weight: 'advice' }),
    finding: `${service} is not given ${key}, but ${file}:${line} ${need.because}${exact ? '' : '; whether this file runs is not known'}`,
  }
  if (need.is === 'unsure') return { ...common, weight: 'advice', finding: `${service} is not given ${key}, which ${file}:${line} reads; what it does without was not found out` }
  const inward = need.is === 'fallback' && need.value !== undefined ? inwardAddress(asWebAddress(need.value)) : undefined
  if (inward === undefined) return undefined
  return { ...common, weight: 'advice', finding: `${service} is not given ${key} and takes ${inward} in its place (${file}:${line}): where it runs, nothing answers there` }
}

/** `redis://user:password@localhost:6379` leads where `http://localhost:6379` does. */
function asWebAddress(value: string): string {
  return value.replace(/^[a-z][\w+.-]*:\/\/(?:[^/@]*@)?/i, 'http://')
}
