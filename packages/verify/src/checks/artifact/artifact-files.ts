import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Artifact } from '@plimsoll/model'
import { z } from 'zod'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'
import { filesBelow } from './files-below.ts'
import { inImages, notHere } from './in-image.ts'
import { ownFilesOf } from './served-files.ts'

/** An artifact holds what its service needs to run, and nothing that only its makers need. */
export function artifactFiles(): RehearsalCheck {
  return {
    id: 'artifact.files',
    title: 'Artifacts hold what is needed to run, and nothing else',
    concern: 'artifact',
    limitMs: 60_000,
    async ask(rehearsal) {
      const artifacts = Object.values(rehearsal.artifacts)
      const looks = await Promise.all(artifacts.map((artifact) => lookAt(artifact, rehearsal)))
      const findings = looks.flat()
      const whole = artifacts.length - inImages(rehearsal).length
      const unseen = notHere(rehearsal, 'local values, repositories, tests and development packages')
      if (findings.length > 0 || whole === 0) return [...findings, ...unseen]
      return [...unseen, { is: 'pass', finding: `${whole} artifacts hold no local values, repositories, tests, served source maps or development packages` }]
    },
  }
}

async function lookAt(artifact: Artifact, { specs, live }: Rehearsal): Promise<Finding[]> {
  const all = await filesBelow(artifact.files)
  const own = all.filter((path) => !path.includes('node_modules/'))
  const { served } = await ownFilesOf(artifact, specs.find(({ service }) => service === artifact.service))
  return [
    ...strays(artifact, own.filter((path) => localValues.test(posix.basename(path)) && !examples.test(path)), {
      what: 'values of somebody\'s machine', hint: 'Take the file out of the repository and of what the build copies (.gitignore, .dockerignore), and replace the secrets in it.',
    }),
    ...strays(artifact, own.filter((path) => /(?:^|\/)\.git\/HEAD$/.test(path)), { what: 'the whole history of the repository', hint: 'Keep .git out of what the build copies: add it to .dockerignore.' }),
    ...strays(artifact, served.filter((path) => path.endsWith('.map')), {
      what: 'source maps that every visitor can fetch', hint: 'Send them to the error tracker and delete them after the build, or turn them off (productionBrowserSourceMaps in Next.js, build.sourcemap in Vite).',
    }),
    ...strays(artifact, own.filter((path) => tests.test(path)), { what: 'tests', hint: 'Leave tests out of the build: exclude them in the tsconfig that it uses.' }).map((finding): Finding => ({ ...finding, weight: 'advice' })),
    ...(await developmentPackages(artifact, all)),
    ...growth(artifact, live?.artifacts[artifact.service]),
  ]
}

const localValues = /^\.env(?:\..+)?$/
/** Next.js and Vite read a committed `.env.production` on purpose. */
const examples = /\.(?:example|sample|template|defaults?|dist|production)$/
const tests = /\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|__mocks__)\//

function strays({ service, files }: Artifact, paths: readonly string[], { what, hint }: { readonly what: string; readonly hint: string }): Finding[] {
  const [first] = paths
  if (first === undefined) return []
  return [{
    is: 'fail', service, hint,
    finding: `The artifact of ${service} holds ${what}: ${first}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''}`,
    reproduce: `ls -l ${join(files, first)}`,
    ...(paths.length > 1 && { evidence: [{ title: 'All of them', text: paths.slice(0, 100).join('\n') }] }),
  }]
}

const names = z.record(z.string(), z.string()).catch({}).default({})
const manifestSchema = z.object({ name: z.string().catch(''), dependencies: names, devDependencies: names, optionalDependencies: names, peerDependencies: names })

/** Packages that the running code takes from what is installed for development only: the next installation without those lacks them. */
async function developmentPackages({ service, files }: Artifact, all: readonly string[]): Promise<Finding[]> {
  const read = (path: string) => manifestAt(join(files, path))
  const manifests = all.filter((path) => posix.basename(path) === 'package.json')
  const own = manifests.filter((path) => !path.includes('node_modules/'))
  // Somebody else's package may need by right what the app has for development.
  const needed = new Set<string>()
  for (const path of manifests) {
    const manifest = isPackageRoot(path) ? await read(path) : undefined
    for (const name of Object.keys({ ...manifest?.dependencies, ...manifest?.optionalDependencies, ...manifest?.peerDependencies })) needed.add(name)
  }
  const findings: Finding[] = []
  for (const path of own) {
    const manifest = await read(path)
    const home = posix.dirname(path) === '.' ? '' : `${posix.dirname(path)}/`
    const shipped = Object.keys(manifest?.devDependencies ?? {}).filter((name) => !needed.has(name) && !name.startsWith('@types/') && all.some((file) => isIn(file, `${home}node_modules/${name}`)))
    findings.push(...shipped.map((name): Finding => ({
      is: 'fail', service,
      finding: `${service} needs ${name} when it runs, but ${path} names it under devDependencies only: an installation for production lacks it`,
      hint: `Move ${name} from devDependencies to dependencies in ${path}, or do without it at run time.`,
      reproduce: `ls -d ${join(files, home, 'node_modules', name)}`,
    })))
  }
  return findings
}

/** Undefined for a file that is no manifest: packages carry such for tests of their own. */
async function manifestAt(path: string): Promise<z.infer<typeof manifestSchema> | undefined> {
  const text = await readFile(path, 'utf8')
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isPackageRoot(path: string): boolean {
  return !path.includes('node_modules/') || /node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path)
}

function isIn(file: string, directory: string): boolean {
  return file === directory || file.startsWith(`${directory}/`)
}

const muchMore = 1.5
/** Below this, a change of half is nothing. */
const noticeableBytes = 1_000_000

function growth({ service, sizeBytes, files }: Artifact, before: Artifact | undefined): Finding[] {
  if (before === undefined || sizeBytes <= before.sizeBytes * muchMore || sizeBytes - before.sizeBytes < noticeableBytes) return []
  return [{
    is: 'fail', weight: 'advice', service,
    finding: `The artifact of ${service} has ${inMegabytes(sizeBytes)} where the live release has ${inMegabytes(before.sizeBytes)}`,
    hint: 'Compare what both hold; most often a package or a build cache came along.',
    reproduce: `diff <(cd ${before.files} && find . -type f | sort) <(cd ${files} && find . -type f | sort)`,
  }]
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
