import { parseBlueprint, unitSpecs, wantedResources } from '../../packages/blueprint/src/blueprint.ts'
import { blueGreen } from '../../packages/engine/src/engine.ts'
import { goodVerdicts } from '../../packages/store/test/fill-state.ts'
import { artifactSchema, type Artifact, type JournalEntry, type UnitSpec } from '../../packages/model/src/model.ts'

/** What the storefront's releases write, entry by entry, with the sizes that theirs have. */
export interface TypicalRelease {
  readonly specs: readonly UnitSpec[]
  readonly artifacts: Readonly<Record<string, Artifact>>
  readonly entries: readonly JournalEntry[]
}

const at = '2026-11-27T10:00:00.000Z'
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`

/**
 * The steps of a release from first to last, as long as a journal is. One that stood still for lack of its place has each attempt in its journal: that is
 * how journals come to be longer than their steps.
 */
export function typicalRelease({ blueprint, files, rows }: { readonly blueprint: string; readonly files: string; readonly rows: number }): TypicalRelease {
  const { blueprint: read } = parseBlueprint(blueprint, { file: 'render.yaml' })
  if (read === undefined) throw new Error('the storefront has no Blueprint')
  // What these run costs nothing: it is looked at, and serves nobody.
  const specs = unitSpecs(read).map((spec) => ({ ...spec, startCommand: 'exec sleep 100000000' }))
  const artifacts = Object.fromEntries(specs.map(({ service }) => [service, artifactOf(service, files)]))
  const gives: Readonly<Record<string, Record<string, unknown>>> = {
    plan: { blueprint, specs, wanted: wantedResources(read), entries: {} },
    build: { artifacts },
    compare: { before: null, changed: specs.map(({ service }) => service), keeps: {}, fingerprints: Object.fromEntries(specs.map(({ service }) => [service, 'f'.repeat(64)])), counters: {}, restless: [] },
    prove: { proof: { verification: 'vmlr0a00000', reused: false, verdicts: goodVerdicts(120) } },
    'warm-candidate': { warmth: [] },
    verify: { verdicts: goodVerdicts(8) },
    'retire-previous': { cutRequests: 0 },
  }
  const steps = blueGreen.steps.flatMap(({ name: step }): JournalEntry[] => [{ is: 'started', step, at }, { is: 'done', step, at, gives: gives[step] ?? {} }])
  const attempts = Array.from({ length: Math.ceil((rows - steps.length) / 2) }, (): JournalEntry[] => [{ is: 'started', step: 'provision', at }, { is: 'failed', step: 'provision', at, problem: { code: 'DATABASE_DOWN', message: 'The database at /run/plimsoll:5432/plimsoll does not answer (ECONNREFUSED)', hint: 'It is started again by itself' } }])
  const after = steps.findIndex(({ step }) => step === 'provision')
  return { specs, artifacts, entries: [...steps.slice(0, after), ...attempts.flat().slice(0, rows - steps.length), ...steps.slice(after)] }
}

function artifactOf(service: string, files: string): Artifact {
  return artifactSchema.parse({ service, digest: digest('a'), inputs: digest('b'), files, sizeBytes: 4_634_925, fileCount: 956, layout: 'traced', assets: [], publicValues: {}, commit: '9'.repeat(40), builtAt: at, fresh: true, buildMs: 43_317 })
}
