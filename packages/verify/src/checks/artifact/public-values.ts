import type { Artifact, UnitSpec } from '@plimsoll/model'
import { isPublicKey, programSources, variablesOf, type ProgramVariable } from '@plimsoll/repository/program'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { SourceCode, SourceReaders } from '../source-code.ts'
import { inwardAddress } from './addresses-in.ts'

/** Next.js puts the values of `NEXT_PUBLIC_…` into pages when it builds; what is not set then is not there for browsers, whatever is set later. */
export function publicValues({ readSource }: Pick<SourceReaders, 'readSource'>): RehearsalCheck {
  return {
    id: 'build.public-values',
    title: 'Every public value that pages read was set when they were built',
    concern: 'web',
    limitMs: 30_000,
    async ask(rehearsal, signal) {
      const code = await readSource(rehearsal.source, signal)
      const findings: Finding[] = []
      for (const spec of rehearsal.specs) {
        const artifact = rehearsal.artifacts[spec.service]
        // Nobody knows what an image from elsewhere was built with.
        if (artifact === undefined || spec.image !== undefined || spec.kind !== 'web') continue
        findings.push(...(await lookAt({ spec, artifact, code, rehearsal }, signal)))
      }
      return findings.length > 0 ? findings : [{ is: 'skipped', finding: 'No service is a Next.js app that is built here' }]
    },
  }
}

interface Scene {
  readonly spec: UnitSpec
  readonly artifact: Artifact
  readonly code: SourceCode
  readonly rehearsal: Rehearsal
}

async function lookAt({ spec, artifact, code, rehearsal }: Scene, signal: AbortSignal): Promise<Finding[]> {
  const program = await programSources({ root: rehearsal.source.root, code, program: code.programOf(spec) }, signal)
  if (program?.isNext !== true) return []
  const read = variablesOf(program).filter(({ key }) => isPublicKey(key))
  const missing = read.filter(({ key }) => !(key in artifact.publicValues))
  const findings = missing.flatMap((variable) => accusation({ variable, spec, rehearsal }) ?? [])
  return findings.length > 0 ? findings : [{ is: 'pass', service: spec.service, finding: `${spec.service} was built with every public value that it needs (${read.length - missing.length} of ${read.length} are set)` }]
}

/** Where a value of that name is missing, a part of the page has nobody to talk to. */
const address = /(?:^|_)(?:URL|URI|ORIGIN|HOST|HOSTPORT|ENDPOINT|API|BASE|DOMAIN)$/

function accusation({ variable: { key, need, file, line }, spec: { service }, rehearsal: { source, live } }: { readonly variable: ProgramVariable } & Pick<Scene, 'spec' | 'rehearsal'>): Finding | undefined {
  const had = live?.artifacts[service]?.publicValues[key] !== undefined
  const inward = need.is === 'fallback' && need.value !== undefined ? inwardAddress(need.value) : undefined
  if (need.is === 'fallback' && inward === undefined && !had) return undefined
  const isSure = had || need.is === 'required' || inward !== undefined || address.test(key)
  // Whoever looks first and names no address may well do without.
  if (!isSure && need.is === 'optional') return undefined
  const consequence = inward !== undefined ? `and takes ${inward} in its place, which is the visitor's own machine` : need.is === 'required' ? `and ${need.because}` : 'and browsers do without what it leads to'
  return {
    is: 'fail', service,
    ...(!isSure && { weight: 'advice' }),
    finding: `${service} is built without ${key}: ${file}:${line} reads it, ${consequence}${had ? `; release ${live?.release} was built with it` : ''}`,
    hint: `Give ${key} to ${service} in ${source.blueprint} (for an address: fromService with envVarKey: RENDER_EXTERNAL_URL). It is built into the pages, so setting it later changes nothing. Where it is meant to be empty, write value: ''.`,
    reproduce: `grep -n ${key} ${file}`,
  }
}
