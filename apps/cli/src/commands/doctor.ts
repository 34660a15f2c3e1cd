import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apiVersion } from '@plimsoll/api/launch'
import type * as Doctor from '@plimsoll/doctor'
import type { Finding, Mended, Subject } from '@plimsoll/doctor'
import { errorCodes, PlimsollError } from '@plimsoll/model'
import { Option, type Command } from 'commander'
import { directoryIn } from '../app-in.ts'
import { confirm } from '../screen/confirm.ts'
import { diffText, doctorText } from '../screen/doctor-text.ts'
import { createPainter } from '../screen/painter.ts'
import type { Session } from '../session.ts'

interface Options {
  readonly file: string
  readonly fix: boolean
  readonly yes: boolean
  readonly strict: boolean
  readonly json: boolean
  readonly format: 'text' | 'json' | 'sarif' | 'annotations'
}

export function addDoctor(program: Command, session: Session): void {
  program.command('doctor').summary('what will go wrong, before it does')
    .description('Reads the repository and its Blueprint and says what will go wrong on Render or in a release, why, and what to do about it.\nStarts nothing; writes nothing without --fix. Exit status 0 when there is no error, 11 when there is one.')
    .argument('[directory]', 'the root of the repository (default: this directory)')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('--fix', 'mend what nobody has to decide, in the Blueprint; shows the changes first', false)
    .option('--yes', 'with --fix: write without asking', false)
    .option('--strict', 'count warnings as errors', false)
    .option('--json', 'print it as one JSON value', false)
    .addOption(new Option('--format <format>', 'how to print it; annotations are those of a workflow on GitHub').choices(['text', 'json', 'sarif', 'annotations']).default('text'))
    .action(async (directory: string | undefined, options: Options) => {
      const root = directoryIn(session, directory)
      // Loaded here: no other command needs it.
      const doctor = await import('@plimsoll/doctor')
      const subject = await doctor.readSubject({ root, file: options.file }, session.interrupted)
      const mended = options.fix ? doctor.mend(subject) : undefined
      const isWritten = mended !== undefined && (await offer(mended, { root, subject, options, diff: doctor.unifiedDiff(subject.text, mended.text, options.file) }, session))
      const findings = isWritten ? mended.left : doctor.examine(subject)
      if (findings.some(({ severity }) => severity === 'error' || (options.strict && severity === 'warning'))) session.exitWith(errorCodes.BLUEPRINT_INVALID.exit)
      session.out.write(print(findings, { options, session, doctor, mended: isWritten ? mended.mended : [] }))
    })
}

interface Offer {
  readonly root: string
  readonly subject: Subject
  readonly options: Options
  readonly diff: string
}

/** Shows what would be written, and writes it when a person says yes, or said so already. */
async function offer({ text, mended }: Mended, { root, subject, options, diff }: Offer, session: Session): Promise<boolean> {
  if (mended.length === 0) return false
  session.err.write(diffText(diff, createPainter(session.err)))
  const isThere = session.input.isTTY && session.err.isTTY
  if (!options.yes && !isThere) throw new PlimsollError('USAGE', 'Nobody is here to say yes', { hint: 'plimsoll doctor --fix --yes' })
  if (!options.yes && !(await confirm({ input: session.input, out: session.err }, `Write this to ${subject.file}?`, session.interrupted))) return false
  const path = join(root, options.file)
  // Somebody may have gone on writing while the question stood there.
  if ((await readFile(path, 'utf8')) !== subject.text) throw new PlimsollError('USAGE', `${options.file} has changed meanwhile, and nothing was written`, { hint: 'plimsoll doctor --fix' })
  await writeFile(path, text)
  return true
}

interface Printing {
  readonly options: Options
  readonly session: Session
  readonly doctor: Pick<typeof Doctor, 'annotationsOf' | 'rules' | 'sarifOf'>
  readonly mended: readonly Finding[]
}

function print(findings: readonly Finding[], { options: { json, format, file }, session, doctor, mended }: Printing): string {
  if (json || format === 'json') return `${JSON.stringify({ file, findings: findings.map(plain), mended: mended.map(plain) })}\n`
  if (format === 'sarif') return `${JSON.stringify(doctor.sarifOf(findings, { rules: doctor.rules, version: apiVersion }), null, 2)}\n`
  if (format === 'annotations') return doctor.annotationsOf(findings)
  return doctorText(findings, { file, mended: mended.length, paint: createPainter(session.out) })
}

/** Whether a machine can mend it, and not how: that is an edit, which is made with --fix. */
function plain({ remedy, ...finding }: Finding): object {
  return { ...finding, mends: remedy !== undefined }
}
