import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { blocks, verdictsOf, verificationEventSchema, type Verification } from '../../packages/model/src/model.ts'
import type { PlimsollHome } from '../../e2e/src/plimsoll/plimsoll-home.ts'
import type { FixtureRepo } from '../../e2e/src/plimsoll/fixture-repo.ts'
import type { Fault } from './fault.ts'

export interface Tried {
  readonly id: string
  /** `blamed wrongly`: it is blocked, and by nothing that names the cause. */
  readonly is: 'caught' | 'missed' | 'blamed wrongly'
  /** The checks that failed, those that only advise among them, and the problem where it did not come to asking. */
  readonly failed: readonly string[]
  readonly seconds: number
}

/** The storefront in a repository and a home of its own, live and healthy. */
export interface FaultScene {
  readonly plimsoll: PlimsollHome
  readonly repo: FixtureRepo
  /** The commit of the healthy storefront. */
  readonly healthy: string
}

/** Applies a fault, verifies, and takes it back. Throws when an edit does not fit: then the storefront has changed. */
export async function tryFault(scene: FaultScene, fault: Fault): Promise<Tried> {
  const { repo, healthy } = scene
  try {
    for (const each of fault.edits) await apply(repo, each, fault.id)
    await repo.git('add', '-A')
    await repo.git('commit', '-q', '-m', fault.what)
    const { record, seconds } = await verify(scene)
    const failed = failedIn(record)
    const isCaught = failed.some((id) => fault.caughtBy.includes(id))
    return { id: fault.id, is: isCaught ? 'caught' : record?.state === 'passed' ? 'missed' : 'blamed wrongly', failed, seconds }
  } finally {
    await repo.git('reset', '-q', '--hard', healthy)
  }
}

/** What blocks the healthy storefront, or could not be found out of it: each is a false alarm. */
export async function falseAlarms(scene: FaultScene): Promise<readonly string[]> {
  const { record } = await verify(scene)
  if (record === undefined) return ['it did not come to its end']
  const wrong = verdictsOf(record).filter((verdict) => blocks(verdict) || verdict.is === 'inconclusive')
  return [...(record.problem === undefined ? [] : [`problem:${record.problem.code}`]), ...wrong.map(({ check, finding }) => `${check}: ${finding}`)]
}

async function verify({ plimsoll, repo }: FaultScene): Promise<{ readonly record: Verification | undefined; readonly seconds: number }> {
  const began = performance.now()
  const { out } = await plimsoll.run(['verify', '--json'], { cwd: repo.directory })
  const events = out.split('\n').filter((line) => line.startsWith('{')).map((line) => verificationEventSchema.safeParse(JSON.parse(line)))
  const record = events.flatMap(({ data }) => (data?.event === 'end' ? [data.data] : [])).at(-1)
  return { record, seconds: Math.round((performance.now() - began) / 100) / 10 }
}

function failedIn(record: Verification | undefined): string[] {
  if (record === undefined) return []
  const failed = verdictsOf(record).filter(({ is }) => is === 'fail').map(({ check }) => check)
  return [...new Set([...(record.problem === undefined ? [] : [`problem:${record.problem.code}`]), ...failed])]
}

async function apply({ directory }: FixtureRepo, edit: Fault['edits'][number], id: string): Promise<void> {
  const file = join(directory, edit.file)
  if ('text' in edit) {
    await mkdir(dirname(file), { recursive: true })
    return writeFile(file, edit.text)
  }
  const before = await readFile(file, 'utf8')
  const times = before.split(edit.from).length - 1
  if (times !== 1) throw new Error(`${id}: ${edit.file} holds ${times} times what is to be replaced: ${edit.from}`)
  await writeFile(file, before.replace(edit.from, () => edit.to))
}
