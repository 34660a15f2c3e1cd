import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCodes, PlimsollError } from '@plimsoll/model'
import type { Command } from 'commander'
import { directoryIn } from '../app-in.ts'
import type { Session } from '../session.ts'
import { createPainter } from '../screen/painter.ts'
import { diagnosticText } from '../screen/problem-text.ts'

export function addCheck(program: Command, session: Session): void {
  program.command('check').summary('is render.yaml right?')
    .description('Reads the Blueprint and says everything that is wrong with it, at once, with line and column.\nStarts nothing. Exit status 0 when there is no error, 11 when there is one.')
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory', 'render.yaml')
    .option('--json', 'print it as one JSON value', false)
    .action(async (directory: string | undefined, options: { readonly file: string; readonly json: boolean }) => {
      const root = directoryIn(session, directory)
      const text = await readFile(join(root, options.file), 'utf8').catch(() => {
        throw new PlimsollError('NO_BLUEPRINT', `There is no ${options.file} in ${root}`, { hint: 'Name the directory that has one: plimsoll check DIRECTORY' })
      })
      // Loaded here: no other command needs it, and it is the largest thing that the CLI can load.
      const { parseBlueprint } = await import('@plimsoll/blueprint')
      const { diagnostics } = parseBlueprint(text, { file: options.file })
      const errors = diagnostics.filter(({ severity }) => severity === 'error').length
      if (errors > 0) session.exitWith(errorCodes.BLUEPRINT_INVALID.exit)
      if (options.json) return void session.out.write(`${JSON.stringify(diagnostics)}\n`)
      const paint = createPainter(session.out)
      for (const each of diagnostics) session.out.write(`${diagnosticText(each, paint)}\n`)
      const rest = diagnostics.length - errors
      session.out.write(errors === 0 ? `${paint('green', '✓')} ${options.file} is right${rest === 0 ? '' : `, with ${rest} remarks`}.\n` : `${paint('red', '✗')} ${options.file} has ${errors === 1 ? '1 error' : `${errors} errors`}${rest === 0 ? '' : ` and ${rest} remarks`}.\n`)
    })
}
