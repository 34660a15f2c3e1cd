import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, type Artifact, type Environment, type UnitSpec, type Verdict } from '@plimsoll/model'
import type { ServiceProgram, SourcePackage } from '@plimsoll/repository/program'
import type { Rehearsal } from '../src/rehearsal/rehearsal.ts'
import type { Finding, RehearsalCheck } from '../src/rehearsal/rehearsal-check.ts'
import type { SourceCode } from '../src/checks/source-code.ts'
import { filesBelow } from '../src/checks/artifact/files-below.ts'
import { temporary } from './candidate-world.ts'

/** path → content. */
export type Tree = Readonly<Record<string, string>>

/** Writes files into a directory that is gone after the test. */
export async function treeOf(tree: Tree, root?: string): Promise<string> {
  const directory = root ?? (await temporary())
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  return directory
}

/** A rehearsal for checks that ask no copy; a check that wants one gets told. */
export function rehearsalOf(over: Partial<Rehearsal> = {}): Rehearsal {
  const refuse = async (): Promise<never> => { throw new Error('a check that needs no copy asked for one') }
  return {
    app: appNameSchema.parse('shop'), source: { root: '/nowhere', blueprint: 'render.yaml', dirty: true }, blueprint: '', specs: [], artifacts: {}, live: undefined, environments: {}, secrets: [],
    seed: 1, evidence: '/nowhere', browser: undefined, liveSchemas: async () => ({}), shared: refuse, raise: refuse, ...over,
  }
}

export function specOf(service: string, more: Partial<UnitSpec> = {}): UnitSpec {
  return { service: serviceNameSchema.parse(service), kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 30_000, instances: 1, reaches: [], ...more }
}

export async function artifactOf(service: string, tree: Tree, more: Partial<Artifact> = {}): Promise<Artifact> {
  const digest = digestSchema.parse(`sha256:${'0'.repeat(64)}`)
  const files = await treeOf(tree)
  const sizeBytes = Object.values(tree).reduce((sum, text) => sum + text.length, 0)
  return {
    service: serviceNameSchema.parse(service), digest, inputs: digest, files, sizeBytes, fileCount: Object.keys(tree).length, layout: 'traced', assets: [], publicValues: {},
    builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 1, ...more,
  }
}

/** What is live, with these artifacts. */
export function liveOf(...artifacts: readonly Artifact[]): NonNullable<Rehearsal['live']> {
  return {
    release: releaseNumberSchema.parse(7), blueprint: '', specs: artifacts.map(({ service }) => specOf(service)),
    artifacts: Object.fromEntries(artifacts.map((each) => [each.service, each])), keeps: {}, fingerprints: {}, pages: {},
  }
}

export function environmentOf(values: Readonly<Record<string, string>>): Environment {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, origin: 'value', secret: false }]))
}

/** The repository at a directory, whose packages are those with a package.json. */
export function sourceReader(programs: Readonly<Record<string, readonly string[]>> = {}) {
  return async ({ root }: { readonly root: string }): Promise<SourceCode> => {
    const files = await filesBelow(root)
    const packages: SourcePackage[] = ['', ...files.filter((file) => file.endsWith('/package.json')).map((file) => dirname(file))].map((directory) => ({ directory, name: directory.split('/').at(-1) ?? '' }))
    const programOf = ({ service }: UnitSpec): ServiceProgram => {
      const entries = programs[service] ?? []
      return { entries, complete: entries.length > 0, packages: packages.filter(({ directory }) => directory !== '' && entries.some((entry) => entry.startsWith(`${directory}/`))) }
    }
    return { files, packages, programOf }
  }
}

export function ask(check: RehearsalCheck, over: Partial<Rehearsal>): Promise<readonly Finding[]> {
  return check.ask(rehearsalOf(over), new AbortController().signal)
}

/** What blocks, what advises and what is said otherwise, each by its sentence. */
export function sayings(findings: readonly Finding[]): { blocks: string[]; advises: string[]; passes: string[] } {
  const of = (wanted: (finding: Finding) => boolean): string[] => findings.filter(wanted).map(({ finding }) => finding)
  const fails = ({ is }: Pick<Verdict, 'is'>): boolean => is === 'fail'
  return { blocks: of((each) => fails(each) && each.weight === undefined), advises: of((each) => fails(each) && each.weight === 'advice'), passes: of((each) => !fails(each)) }
}
