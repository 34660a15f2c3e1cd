import { mkdir, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Config, Suite } from '@plimsoll/testing/config-schema'
import type { AppCopy, CopyWish, Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { Gathering } from '../line-coverage/gather.ts'
import { readReport } from '../reports/read-report.ts'
import { reported, type Parsed, type ReportedTest } from '../reports/reported-test.ts'
import { asksACopy } from '../asks-a-copy.ts'
import type { SuiteWorld } from '../suite-world.ts'
import { runCommand, type CommandEnd } from './run-command.ts'
import { seed } from './seed.ts'
import { copyVariables, suiteVariables, type Spares } from './suite-environment.ts'

export interface AttemptWish {
  readonly suite: Suite
  readonly config: Pick<Config, 'seed' | 'signIn'>
  /** Absolute; not there yet. */
  readonly directory: string
  /** What narrows the command to some tests; empty for all. */
  readonly words: readonly string[]
  readonly limitMs: number
  /** What it is run against; a copy of the candidate, unless given. */
  readonly against?: Pick<CopyWish, 'of' | 'databases'>
  /** Measures what the services run meanwhile. */
  readonly gathering?: Gathering | undefined
}

/** One run of a suite against a copy of its own. */
export type Attempt = AttemptEnd & {
  readonly tookMs: number
  readonly log: readonly string[]
  readonly leftBehind: readonly string[]
}
export type AttemptEnd = { readonly tests: readonly ReportedTest[] } | { readonly problem: string }

interface Stage {
  readonly rehearsal: Rehearsal
  readonly world: SuiteWorld
}

/** Throws what kept the copy from being raised, and for `signal`. What it wrote into its directory is gone when it ends. */
export async function attempt(wish: AttemptWish, stage: Stage, signal: AbortSignal): Promise<Attempt> {
  await mkdir(join(wish.directory, 'tmp'), { recursive: true })
  try {
    return await attemptIn(wish, stage, signal)
  } finally {
    await rm(wish.directory, { recursive: true, force: true })
  }
}

async function attemptIn(wish: AttemptWish, { rehearsal, world }: Stage, signal: AbortSignal): Promise<Attempt> {
  const { suite, config, directory, against, gathering } = wish
  await using copy = asksACopy(suite) ? await rehearsal.raise({ ...against, ...(gathering !== undefined && { alter: gathering.alter }) }, signal) : undefined
  const furnished = copy === undefined ? { variables: {} } : await furnish(copy, { ...wish, rehearsal, world }, signal)
  if ('problem' in furnished) return { ...furnished, tookMs: 0, log: [], leftBehind: [] }

  const cwd = resolve(rehearsal.source.root, suite.cwd)
  const standing = join(directory, `report.${suite.report?.format ?? 'none'}`)
  const told = suiteVariables({ suite, signIn: config.signIn, browser: suite.needs.browser ? rehearsal.browser : undefined, report: standing, temporary: join(directory, 'tmp') })
  const file = suite.report?.file === undefined ? standing : resolve(cwd, suite.report.file)
  const before = await stampOf(file)
  const began = world.clock.now()
  const end = await runCommand({ command: suite.command, words: wish.words, cwd, environment: { ...world.environment, ...furnished.variables, ...told }, directory, limitMs: wish.limitMs, limitBytes: suite.limitBytes }, world, signal)
  const tookMs = Math.round(world.clock.now() - began)
  const said = suite.report === undefined || end.is !== 'exited' ? undefined : (await stampOf(file)) === before ? { problem: 'it wrote no report' } : await readReport(file, suite.report.format)
  if (end.is === 'exited') await gathering?.end(copy?.units ?? [], signal)
  return { ...atHome(understood(end, said, wish), rehearsal.source.root), tookMs, log: end.log, leftBehind: end.leftBehind }
}

type Furnished = { readonly variables: Readonly<Record<string, string>> } | { readonly problem: string }

/** Databases of a copy as a suite wants them, with what it is told of the copy, or why that cannot be. */
async function furnish(copy: AppCopy, { suite, config, directory, rehearsal, world }: AttemptWish & Stage, signal: AbortSignal): Promise<Furnished> {
  const absent = suite.needs.databases.filter((name) => copy.databases[name] === undefined)
  if (absent.length > 0) return { problem: `it needs the database ${absent.join(', ')}, which render.yaml does not have` }
  const spares = await sparesFor(suite, copy, signal)
  const problem = await seed(copy, { seed: config.seed, root: rehearsal.source.root, directory, spares, world }, signal)
  return problem === undefined ? { variables: copyVariables(copy, spares) } : { problem }
}

async function sparesFor(suite: Suite, copy: AppCopy, signal: AbortSignal): Promise<Spares> {
  const each = await Promise.all(suite.needs.databases.map(async (name) => [name, await Promise.all(Array.from({ length: suite.workers }, () => copy.spare(name, signal)))] as const))
  return Object.fromEntries(each)
}

/** What tells one report from the one that an earlier run left at the same place. */
async function stampOf(file: string): Promise<string | undefined> {
  try {
    const { ino, mtimeNs, size } = await stat(file, { bigint: true })
    return `${ino}:${mtimeNs}:${size}`
  } catch {
    // There is none.
    return undefined
  }
}

/** Names are the same on every machine: whoever puts one into a file of the repository's means all of them. */
function atHome(end: AttemptEnd, root: string): AttemptEnd {
  return 'problem' in end ? end : { tests: end.tests.map((test) => ({ ...test, name: belowRoot(test.name, root) })) }
}

/** What begins with the path of the root, without it. */
export function belowRoot(path: string, root: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}

function understood({ is, code, leftBehind }: CommandEnd, said: Parsed | undefined, { suite, limitMs }: AttemptWish): AttemptEnd {
  if (is === 'unstarted') return { problem: `its directory ${suite.cwd} is not there, or cannot be entered` }
  if (is === 'late') return { problem: `it had not ended after ${limitMs / 1000} s, and was ended` }
  if (is === 'large') return { problem: `it wrote more than ${Math.round(suite.limitBytes / 1_048_576)} MB, and was ended` }
  const status = code === undefined ? 'a signal' : `status ${code}`
  if (said === undefined) return { tests: [reported({ titles: ['(its exit status)'], is: code === 0 ? 'passed' : 'failed', message: `It ended with ${status}` })] }
  if ('problem' in said) {
    const away = leftBehind.length > 0 ? `, while ${leftBehind.join(', ')} went on in the background` : ''
    return { problem: `it ended with ${status}${away}, and ${said.problem}` }
  }
  if (code === 0 || said.tests.some((test) => test.is === 'failed')) return { tests: said.tests }
  return { tests: [...said.tests, reported({ titles: ['(its exit status)'], is: 'failed', message: `It ended with ${status}, although no test in its report failed` })] }
}
