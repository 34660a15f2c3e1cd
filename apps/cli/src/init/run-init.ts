import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { looksSecret, parseBlueprint } from '@plimsoll/blueprint'
import { PlimsollError } from '@plimsoll/model'
import { askLines } from '../screen/ask-lines.ts'
import { confirm } from '../screen/confirm.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'
import type { Session } from '../session.ts'
import { planText } from './init-text.ts'
import { findIn, planInit, type InitPlan, type InitWish } from './plan-init.ts'
import { answersTo, questionsFor } from './questions.ts'

export interface InitManner {
  /** Takes the defaults, and asks nothing. */
  readonly yes: boolean
  readonly json: boolean
}

/**
 * Finds what a repository runs, asks what stands nowhere in it, shows every file that is missing, and writes them once a person (or `yes`)
 * agrees. A file that is there stays, so a second run writes nothing. Throws `USAGE` where nobody can be asked, `NO_BLUEPRINT` where
 * nothing is found that can run, `INTERRUPTED` when the person says no.
 */
export async function runInit(session: Session, wish: InitWish, { yes, json }: InitManner): Promise<void> {
  const { interrupted, out, input } = session
  const found = await findIn(wish.root, interrupted)
  const canAsk = !yes && !json && out.isTTY && input.isTTY
  const questions = questionsFor(found, looksSecret)
  const given = canAsk ? await askLines(session, questions, interrupted) : []
  if (given === undefined) throw refused()
  const plan = await planInit({ found, wish, answers: answersTo(questions, given) }, interrupted)
  assertRight(plan, wish)
  const missing = plan.files.filter(({ isThere }) => !isThere)
  if (json) return void out.write(`${JSON.stringify(plainly(plan, yes ? await writeAll(plan, wish) : new Set()))}\n`)
  const paint = createPainter(out)
  out.write(fit(planText(plan, paint), out.columns))
  if (missing.length === 0) return void out.write('\nEverything is there already: nothing was written.\n')
  if (!yes && !canAsk) throw new PlimsollError('USAGE', 'Nothing was written: nobody can be asked here', { hint: 'plimsoll init --yes' })
  if (canAsk && !(await confirm({ input, out }, `\nWrite ${missing.length === 1 ? 'this file' : `these ${missing.length} files`}?`, interrupted))) throw refused()
  const written = await writeAll(plan, wish)
  out.write(`\n${[...written].map((path) => `${paint('green', '✓')} ${path}`).join('\n')}\nNext: git add and commit them, and prove that it all works: plimsoll verify\n`)
}

function refused(): PlimsollError {
  return new PlimsollError('INTERRUPTED', 'Nothing was written')
}

/** A proposal that the own rules refuse is a mistake of ours, and not of whoever asked for it. */
function assertRight({ files }: InitPlan, { file }: InitWish): void {
  const { diagnostics } = parseBlueprint(files.find(({ path }) => path === file)?.text ?? '', { file })
  const [fault] = diagnostics.filter(({ severity }) => severity === 'error')
  if (fault !== undefined) throw new Error(`the proposed ${file} is wrong in line ${fault.line}: ${fault.message}`)
}

/** Paths that were written. One that has come there meanwhile stays. */
async function writeAll({ files }: InitPlan, { root }: InitWish): Promise<Set<string>> {
  const written = new Set<string>()
  for (const { path, text, isThere } of files) {
    if (isThere) continue
    await mkdir(dirname(join(root, path)), { recursive: true })
    try {
      await writeFile(join(root, path), text, { flag: 'wx' })
      written.add(path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
  return written
}

function plainly({ proposal, files, remarks }: InitPlan, written: ReadonlySet<string>): object {
  return {
    services: proposal.services.map(({ service, variables }) => ({
      name: service.name, kind: service.kind, directory: service.package.directory, from: service.from, start: service.start, healthPath: service.healthPath,
      migration: service.migration, database: service.database, keyValue: service.keyValue,
      variables: variables.map(({ key, from, wire }) => ({ key, from, wire: wire.is === 'address' ? { is: wire.is, of: wire.of.name, as: wire.as } : wire })),
    })),
    files: files.map(({ path, text, isThere }) => ({ path, text, isThere, written: written.has(path) })),
    left: remarks.map((why) => ({ why })),
  }
}
