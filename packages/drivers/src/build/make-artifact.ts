import { rm } from 'node:fs/promises'
import path from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { auditLinks } from './audit-links.ts'
import type { ArtifactStore } from './artifact-store.ts'
import { digestFiles, type FilesDigest } from './digest-files.ts'
import { carryOut } from './file-plan.ts'
import { layouts, type BuiltTree, type Layout, type Selection } from './layout.ts'
import { tryArtifact } from './try-artifact.ts'

export interface MakeRequest {
  readonly built: BuiltTree
  readonly store: ArtifactStore
  readonly environment: Readonly<Record<string, string>>
  readonly say: (text: string) => void
  /** Told in which directory it is about to be tried. */
  readonly mark: (runsIn: string) => void
}

/** Files that were chosen, copied, audited and tried, and wait in a staging directory to be kept. */
export interface MadeArtifact extends FilesDigest {
  readonly staged: string
  readonly layout: string
  readonly selection: Selection
  readonly tried: string
}

interface Fault {
  readonly layout: string
  readonly why: string
  readonly log: readonly string[]
}

/** Makes an artifact from a built work directory in the first layout that runs. Throws `ARTIFACT_BROKEN`. */
export async function makeArtifact(request: MakeRequest, signal: AbortSignal): Promise<MadeArtifact> {
  const { spec } = request.built
  const faults: Fault[] = []
  for (const layout of layouts) {
    const selection = await layout.select(request.built)
    signal.throwIfAborted()
    if (selection === undefined) continue
    const made = await makeWith({ layout, selection }, request, signal)
    if (!('why' in made)) return made
    faults.push(made)
    if (layout.whenBroken === 'fail') break
    request.say(`the ${layout.name} layout does not run (${made.why}); trying the next`)
  }
  const last = faults.at(-1)
  throw new PlimsollError('ARTIFACT_BROKEN', `${spec.service}: the artifact does not run outside of the repository: ${last?.why ?? 'it has no files'}`, {
    hint: spec.buildCommand === undefined ? `give ${spec.service} a buildCommand in the Blueprint that installs and builds it` : `check that startCommand runs what buildCommand made: ${spec.startCommand ?? '(none)'}`,
    details: { service: spec.service, layouts: faults.map(({ layout, why }) => ({ layout, why })), log: last?.log ?? [] },
  })
}

interface Choice {
  readonly layout: Layout
  readonly selection: Selection
}

async function makeWith(choice: Choice, request: MakeRequest, signal: AbortSignal): Promise<MadeArtifact | Fault> {
  const staged = await request.store.stage()
  const made = await fill(staged, { ...choice, ...request }, signal).catch(async (error: unknown) => {
    await rm(staged, { recursive: true, force: true })
    throw error
  })
  if ('why' in made) await rm(staged, { recursive: true, force: true })
  return made
}

async function fill(staged: string, what: Choice & MakeRequest, signal: AbortSignal): Promise<MadeArtifact | Fault> {
  const { layout, selection, built, environment, mark } = what
  const fault = (why: string, log: readonly string[] = []): Fault => ({ layout: layout.name, why, log })
  if (selection.plan.size === 0) return fault('it has no files')
  const files = path.join(staged, 'files')
  await carryOut(selection.plan, built.root, files)
  const bad = await auditLinks(files)
  if (bad.length > 0) return fault(`${bad.length} symbolic links lead nowhere or out of it`, bad.map((one) => `${one.fault}: ${one.link} -> ${one.target}`))
  signal.throwIfAborted()
  const digest = await digestFiles(files)
  const trial = await tryArtifact({ files, scratch: staged, origin: built.root, spec: built.spec, entries: selection.entries, environment, mark }, signal)
  if (!trial.fit) return fault(trial.why, trial.log)
  return { staged, layout: layout.name, selection, tried: trial.how, ...digest }
}
