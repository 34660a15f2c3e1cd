import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { blocks, verdictsOf, verificationEventSchema, type Verdict, type Verification } from '../../packages/model/src/model.ts'
import type { PlimsollHome } from '../../e2e/src/plimsoll/plimsoll-home.ts'
import type { FixtureRepo } from '../../e2e/src/plimsoll/fixture-repo.ts'
import { edited, type Edit, type Fault } from './fault.ts'

export interface Tried {
  readonly id: string
  /** `blamed wrongly`: it is blocked, and by nothing that names the cause. */
  readonly is: 'caught' | 'missed' | 'blamed wrongly'
  /** The checks that failed otherwise than on the healthy storefront, those that only advise among them, and the problem where it did not come to asking. */
  readonly failed: readonly string[]
  readonly seconds: number
}

/** The storefront in a repository and a home of its own, live and healthy. */
export interface FaultScene {
  readonly plimsoll: PlimsollHome
  readonly repo: FixtureRepo
  /** The commit of the healthy storefront. */
  readonly healthy: string
  /** What checks find fault with in it, which is no alarm: advice that it does not follow. */
  readonly usual: ReadonlySet<string>
}

/** Applies a fault, verifies, and takes it back. Throws when an edit does not fit: then the storefront has changed. */
export async function tryFault(scene: FaultScene, fault: Fault): Promise<Tried> {
  const { repo, healthy } = scene
  try {
    for (const each of fault.edits) await apply(repo, each)
    await repo.git('add', '-A')
    // Some are files that nobody means to commit.
    await repo.git('add', '-f', '--', ...fault.edits.map(({ file }) => file))
    await repo.git('commit', '-q', '-m', fault.what)
    const { record, seconds } = await verify(scene)
    const failed = failedIn(record, scene.usual)
    const isCaught = failed.some((id) => fault.caughtBy.includes(id))
    return { id: fault.id, is: isCaught ? 'caught' : record?.state === 'passed' ? 'missed' : 'blamed wrongly', failed, seconds }
  } finally {
    await repo.git('reset', '-q', '--hard', healthy)
  }
}

/** The healthy storefront, verified. */
export interface Healthy {
  /** What blocks it, or leaves open whether it may be released: each is a false alarm. */
  readonly alarms: readonly string[]
  readonly usual: ReadonlySet<string>
}

export async function verifyHealthy(scene: Pick<FaultScene, 'plimsoll' | 'repo'>): Promise<Healthy> {
  const { record } = await verify(scene)
  if (record === undefined) return { alarms: ['it did not come to its end'], usual: new Set() }
  const verdicts = verdictsOf(record)
  const wrong = verdicts.filter((verdict) => blocks(verdict) || (verdict.is === 'inconclusive' && verdict.weight !== 'advice'))
  return {
    alarms: [...(record.problem === undefined ? [] : [`problem:${record.problem.code}`]), ...wrong.map(({ check, finding }) => `${check}: ${finding}`)],
    usual: new Set(verdicts.filter(({ is }) => is === 'fail').map(said)),
  }
}

function said({ check, service, finding }: Verdict): string {
  return `${check} ${service ?? ''}: ${finding}`
}

async function verify({ plimsoll, repo }: Pick<FaultScene, 'plimsoll' | 'repo'>): Promise<{ readonly record: Verification | undefined; readonly seconds: number }> {
  const began = performance.now()
  const { out } = await plimsoll.run(['verify', '--json'], { cwd: repo.directory })
  const events = out.split('\n').filter((line) => line.startsWith('{')).map((line) => verificationEventSchema.safeParse(JSON.parse(line)))
  const record = events.flatMap(({ data }) => (data?.event === 'end' ? [data.data] : [])).at(-1)
  return { record, seconds: Math.round((performance.now() - began) / 100) / 10 }
}

function failedIn(record: Verification | undefined, usual: ReadonlySet<string>): string[] {
  if (record === undefined) return []
  const failed = verdictsOf(record).filter((verdict) => verdict.is === 'fail' && !usual.has(said(verdict))).map(({ check }) => check)
  return [...new Set([...(record.problem === undefined ? [] : [`problem:${record.problem.code}`]), ...failed])]
}

async function apply({ directory }: FixtureRepo, each: Edit): Promise<void> {
  const file = join(directory, each.file)
  const before = 'text' in each ? '' : await readFile(file, 'utf8')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, edited(before, each))
}
