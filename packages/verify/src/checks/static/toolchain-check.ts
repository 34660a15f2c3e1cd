import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { SourceCode, SourceReaders } from '../source-code.ts'
import { manifestSchema, npmMisfits, pnpmMisfits, type Manifest, type Misfit } from './lockfile.ts'
import { satisfies } from './version-range.ts'

/** Every build installs the same: a lockfile that fits blocks when it does not, and the rest is advice. `nodeVersion` is that of the Node that runs the services. */
export function toolchainCheck({ readSource, nodeVersion }: Pick<SourceReaders, 'readSource'> & { readonly nodeVersion: string }): RehearsalCheck {
  return {
    id: 'blueprint.toolchain',
    title: 'Every build installs the same packages with the same tools',
    concern: 'blueprint',
    limitMs: 20_000,
    async ask(rehearsal, signal) {
      const code = await readSource(rehearsal.source, signal)
      if (!code.files.includes('package.json')) return [{ is: 'skipped', finding: 'The repository has no package.json' }]
      const { root } = rehearsal.source
      const manifests = new Map(await Promise.all(code.packages.map(async ({ directory }) => [directory, await manifestAt(join(root, directory, 'package.json'))] as const)))
      const own = manifests.get('')
      const findings = [...(await lockfileFindings(root, code, manifests)), ...installFindings(rehearsal), ...managerFindings(own), ...nodeFindings(own, nodeVersion)]
      return findings.length > 0 ? findings : [{ is: 'pass', finding: `The lockfile fits ${manifests.size === 1 ? 'package.json' : `all ${manifests.size} package.json`}, and Node ${nodeVersion} is what they ask for` }]
    },
  }
}

async function manifestAt(path: string): Promise<Manifest> {
  return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
}

const lockfiles = ['pnpm-lock.yaml', 'package-lock.json', 'yarn.lock', 'bun.lock', 'bun.lockb', 'npm-shrinkwrap.json']

async function lockfileFindings(root: string, { files }: SourceCode, manifests: ReadonlyMap<string, Manifest>): Promise<Finding[]> {
  const [lock, ...more] = lockfiles.filter((name) => files.includes(name))
  if (lock === undefined) return [{ is: 'fail', weight: 'advice', finding: 'The repository has no lockfile: every build installs whatever is newest that day', hint: 'Commit the lockfile that the package manager writes (pnpm install, npm install).', reproduce: 'git ls-files "*lock*"' }]
  const text = (name: string): Promise<string> => (files.includes(name) ? readFile(join(root, name), 'utf8') : Promise.resolve(''))
  const two: Finding[] = more.length === 0 ? [] : [{ is: 'fail', weight: 'advice', finding: `The repository has two lockfiles, ${lock} and ${more.join(', ')}: which one a build follows is chance`, hint: 'Delete those of the package managers that you do not use.' }]
  const misfits = lock === 'pnpm-lock.yaml' ? pnpmMisfits(await text(lock), await text('pnpm-workspace.yaml'), manifests) : lock === 'package-lock.json' ? npmMisfits(await text(lock), manifests) : []
  const again = lock === 'pnpm-lock.yaml' ? 'pnpm install --lockfile-only' : 'npm install --package-lock-only'
  return [...two, ...misfitFindings(misfits ?? [], lock, again)]
}

function misfitFindings(misfits: readonly Misfit[], lock: string, again: string): Finding[] {
  const [first] = misfits
  if (first === undefined) return []
  return [{
    is: 'fail',
    finding: `${lock} does not fit: ${first.manifest} ${first.what}${misfits.length > 1 ? `, and ${misfits.length - 1} more` : ''}`,
    hint: `Write it anew and commit it: ${again}`,
    reproduce: lock === 'pnpm-lock.yaml' ? 'pnpm install --frozen-lockfile --lockfile-only' : 'npm ci --dry-run',
    ...(misfits.length > 1 && { evidence: [{ title: 'All of them', text: misfits.map(({ manifest, what }) => `${manifest} ${what}`).join('\n') }] }),
  }]
}

/** Installs that may write the lockfile anew, with the words that keep them from it. */
const loose: readonly { readonly form: RegExp; readonly strict: RegExp; readonly instead: string }[] = [
  { form: /\bpnpm (?:install|i)\b/, strict: /--frozen-lockfile(?!=false)/, instead: 'pnpm install --frozen-lockfile' },
  { form: /\bnpm (?:install|i)(?=\s*(?:&&|;|$))/, strict: /\bnpm ci\b/, instead: 'npm ci' },
  { form: /\byarn(?: install)?(?=\s*(?:&&|;|$))/, strict: /--(?:immutable|frozen-lockfile)\b/, instead: 'yarn install --immutable' },
]

function installFindings({ specs, source }: Rehearsal): Finding[] {
  return loose.flatMap(({ form, strict, instead }): Finding[] => {
    const services = specs.filter(({ buildCommand = '' }) => form.test(buildCommand) && !strict.test(buildCommand)).map(({ service }) => service)
    if (services.length === 0) return []
    return [{ is: 'fail', weight: 'advice', finding: `${source.blueprint}: the build of ${services.join(', ')} may install other packages than the lockfile names`, hint: `Write ${instead} in buildCommand.` }]
  })
}

function managerFindings(manifest: Manifest | undefined): Finding[] {
  const version = manifest?.packageManager ?? manifest?.devEngines?.packageManager?.version ?? ''
  if (/\d+\.\d+\.\d+/.test(version)) return []
  return [{ is: 'fail', weight: 'advice', finding: 'package.json does not say which version of its package manager it is made with', hint: 'Write "packageManager": "pnpm@<exact version>" in the package.json at the root.' }]
}

function nodeFindings(manifest: Manifest | undefined, nodeVersion: string): Finding[] {
  const range = manifest?.engines?.node
  if (range === undefined || satisfies(nodeVersion, range) !== false) return []
  return [{ is: 'fail', weight: 'advice', finding: `package.json asks for Node ${range}, and the services run with Node ${nodeVersion}`, hint: 'Widen engines.node once the suites pass with it, or run Plimsoll with a Node that it allows.', reproduce: 'node --version' }]
}
