import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { parseBlueprint, resolveEnvironments, unitSpecs } from '@plimsoll/blueprint'
import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, artifactSchema, blocks, releaseNumberSchema, type Artifact, type Verdict } from '@plimsoll/model'
import { askAll, type RehearsalCheck } from '@plimsoll/verify/rehearse'

type Rehearsal = Parameters<RehearsalCheck['ask']>[0]

const original = join(import.meta.dirname, '../../../examples/storefront')

/** What is not as it stands in the repository. */
export interface Change {
  /** path → what its text becomes. */
  readonly edit?: Readonly<Record<string, (text: string) => string>>
  /** path → the text of a file that is added. */
  readonly add?: Readonly<Record<string, string>>
  /** service → path → text of a file of its artifact. */
  readonly built?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Variables that the web app was built without. */
  readonly unbuilt?: readonly string[]
  /** Nothing is live. */
  readonly isFirst?: true
}

/** Both changes. What they add or build must not be the same file. */
export function together(one: Change, other: Change): Change {
  const edit = { ...one.edit }
  for (const [path, turn] of Object.entries(other.edit ?? {})) {
    const before = edit[path] ?? ((text: string) => text)
    edit[path] = (text) => turn(before(text))
  }
  const built = { ...one.built }
  for (const [service, files] of Object.entries(other.built ?? {})) built[service] = { ...built[service], ...files }
  return { edit, add: { ...one.add, ...other.add }, built, unbuilt: [...(one.unbuilt ?? []), ...(other.unbuilt ?? [])] }
}

/** A copy of the storefront's own sources with small artifacts, and a live release that is the same but for the change. */
export async function storefrontWith({ edit = {}, add = {}, built = {}, unbuilt = [], isFirst }: Change, root: string): Promise<Rehearsal> {
  const source = join(root, 'source')
  const files = await sourceFiles()
  for (const file of files) await copy(join(original, file), join(source, file))
  const blueprint = await readFile(join(original, 'render.yaml'), 'utf8')
  const understood = parseBlueprint(blueprint, { file: 'render.yaml' }).blueprint
  if (understood === undefined) throw new Error('the storefront has a Blueprint')
  const live = await artifactsOf({ root: join(root, 'live'), source, files, built: {}, unbuilt: [] })
  for (const [path, turn] of Object.entries(edit)) await write(join(source, path), turn(await readFile(join(source, path), 'utf8')))
  for (const [path, text] of Object.entries(add)) await write(join(source, path), text)
  const text = await readFile(join(source, 'render.yaml'), 'utf8')
  const changed = parseBlueprint(text, { file: 'render.yaml' }).blueprint ?? understood
  const artifacts = await artifactsOf({ root: join(root, 'candidate'), source, files: [...files, ...Object.keys(add)], built, unbuilt })
  const specs = unitSpecs(changed)
  const refuse = async (): Promise<never> => { throw new Error('a check that needs no copy asked for one') }
  return {
    app: appNameSchema.parse('storefront'), source: { root: source, blueprint: 'render.yaml', dirty: true }, blueprint: text, specs, artifacts,
    live: isFirst ? undefined : { release: releaseNumberSchema.parse(7), blueprint, specs: unitSpecs(understood), artifacts: live, keeps: {}, fingerprints: {}, pages: {} },
    environments: resolveEnvironments(changed, surroundings, { phase: 'run' }).environments,
    secrets: [{ service: 'api', key: 'SESSION_SECRET', value: 'c4n4ry-session-secret' }, { service: 'web', key: 'INTERNAL_TOKEN', value: 'c4n4ry-internal-token' }],
    seed: 1, evidence: root, browser: undefined, liveSchemas: async () => ({}), shared: refuse, raise: refuse,
  }
}

const address = { host: '127.0.0.1', port: 4811 }
const surroundings: Parameters<typeof resolveEnvironments>[1] = {
  services: { web: address, api: { ...address, port: 4812 } }, publicUrls: { web: 'http://localhost:4809', api: 'http://localhost:4810', help: 'http://localhost:4808' },
  databases: { 'storefront-db': { ...address, user: 'a', password: 'b', database: 'c' } }, keyValuePasswords: {},
  kept: { 'api/SESSION_SECRET': 'c4n4ry-session-secret', 'group:storefront-internal/INTERNAL_TOKEN': 'c4n4ry-internal-token' }, git: {},
}

interface Building {
  readonly root: string
  readonly source: string
  readonly files: readonly string[]
  readonly built: NonNullable<Change['built']>
  readonly unbuilt: readonly string[]
}

/** What builds make of it, as far as checks look at it: the services' code at the places of its outputs, migrations, and pages with their values. */
async function artifactsOf({ root, source, files, built, unbuilt }: Building): Promise<Record<string, Artifact>> {
  const publicValues = Object.fromEntries(Object.entries({ NEXT_PUBLIC_API_URL: 'http://localhost:4810', NEXT_PUBLIC_HELP_URL: 'http://localhost:4808' }).filter(([key]) => !unbuilt.includes(key)))
  const inside = (...packages: string[]): string[] => files.filter((file) => packages.some((each) => file.startsWith(`${each}/`)) && !file.endsWith('.test.ts'))
  const contents: Record<string, readonly string[]> = {
    web: [], api: inside('apps/api', 'packages/db', 'packages/contract'), worker: inside('apps/worker', 'packages/db', 'packages/contract'), 'expire-carts': inside('apps/worker', 'packages/db', 'packages/contract'), help: inside('apps/help/pages'),
  }
  const artifacts = Object.entries(contents).map(async ([service, paths]) => {
    const home = join(root, service)
    await mkdir(home, { recursive: true })
    for (const path of paths) await copy(join(source, path), join(home, path.replace(/\/src\/(.+)\.ts$/, '/dist/$1.js')))
    if (service === 'web') for (const [path, text] of Object.entries(webFiles(publicValues))) await write(join(home, path), text)
    for (const [path, text] of Object.entries(built[service] ?? {})) await write(join(home, path), text)
    return artifactSchema.parse({
      service, digest: `sha256:${'0'.repeat(64)}`, inputs: `sha256:${'0'.repeat(64)}`, files: home, sizeBytes: 1, fileCount: 1, layout: 'traced', builtAt: '2026-01-01T00:00:00Z', fresh: true, buildMs: 1,
      assets: service === 'web' ? [{ directory: `${next}/static`, urlPrefix: '/_next/static/' }] : [], publicValues: service === 'web' ? publicValues : {},
    })
  })
  return Object.fromEntries((await Promise.all(artifacts)).map((artifact) => [artifact.service, artifact]))
}

export const next = 'apps/web/.next/standalone/apps/web/.next'

function webFiles(values: Readonly<Record<string, string>>): Record<string, string> {
  return {
    'apps/web/.next/standalone/apps/web/server.js': "const hostname = process.env.HOSTNAME || '0.0.0.0'",
    [`${next}/static/chunks/app.js`]: `/* http://localhost:3000 */const u=new URL(p,"http://localhost");${Object.values(values).map((value) => `fetch("${value}/x");`).join('')}`,
    [`${next}/server/app/index.html`]: `<a href="${values['NEXT_PUBLIC_HELP_URL'] ?? ''}/returns">Returns</a>`,
    [`${next}/server/chunks/1.js`]: 'const api="localhost:4000"',
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to)
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function sourceFiles(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z'], { cwd: original })
  return stdout.split('\0').filter((file) => file !== '' && !file.endsWith('.webp'))
}

/** Asks `checks` about a storefront with a change, as a verification does. Gives what is no pass. */
export async function askStorefront(checks: readonly RehearsalCheck[], change: Change): Promise<Verdict[]> {
  const root = await mkdtemp(join(tmpdir(), 'storefront-'))
  try {
    const asked = await askAll(await storefrontWith(change, root), { checks, clock: manualClock(), width: 1, told: () => undefined }, new AbortController().signal)
    return asked.flatMap(({ verdicts }) => verdicts).filter(({ is }) => is !== 'pass')
  } finally {
    await rm(root, { recursive: true })
  }
}

/** What keeps a release from going on, as `check: finding`. */
export function blocking(verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(blocks).map(({ check, finding }) => `${check}: ${finding}`)
}
