import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { contract, PlimsollError, type Holds } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { holdLines } from '../hold-text.ts'
import { createPainter } from '../screen/painter.ts'
import { fit } from '../screen/fit.ts'
import type { Session } from '../session.ts'

interface MaintenanceOptions extends AppOptions {
  readonly json: boolean
  readonly message?: string
  readonly page?: string
}

export function addMaintenance(program: Command, session: Session): void {
  const maintenance = program.command('maintenance').summary('show a page instead of the app')
    .description('Answers every request to the app with 503 and a page, until it is ended. It outlives releases and restarts.\nWhat runs goes on, and the app can be released meanwhile.')
  common(maintenance.command('on').summary('show the page').description('Shows browsers a page, and tells everybody else with 503 and Retry-After to come again.\nGiven again it changes what is said.'))
    .option('--message <text>', 'what the page says')
    .option('--page <file>', 'a whole HTML file to show instead of the page of Plimsoll (up to 256 KB, with its styles inside)')
    .action(async (directory: string | undefined, options: MaintenanceOptions) => {
      const page = options.page === undefined ? {} : { page: await readPage(resolve(session.directory, options.page)) }
      await maintain(session, directory, { options, wanted: { on: true, ...(options.message !== undefined && { message: options.message }), ...page } })
    })
  common(maintenance.command('off').summary('serve the app again').description('Serves the app again. Done twice it is done once.'))
    .action((directory: string | undefined, options: MaintenanceOptions) => maintain(session, directory, { options, wanted: { on: false } }))
}

function common(command: Command): Command {
  return command
    .argument('[directory]', 'the directory that holds the Blueprint (default: this one)')
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('--json', 'print it as one JSON value', false)
}

async function maintain(session: Session, directory: string | undefined, { options, wanted }: { readonly options: MaintenanceOptions; readonly wanted: { readonly on: boolean; readonly message?: string; readonly page?: string } }): Promise<void> {
  const client = await requireApi(session)
  const app = appIn(directoryIn(session, directory), options)
  const holds: Holds = await client.call(contract.maintain, { params: { app }, body: wanted })
  const { out } = session
  if (options.json) return void out.write(`${JSON.stringify(holds)}\n`)
  const lines = holdLines({ name: app, holds }, createPainter(out))
  out.write(fit(lines.length === 0 ? `${app} is served.\n` : `${lines.join('\n')}\n`, out.columns))
}

async function readPage(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new PlimsollError('USAGE', `The page ${path} cannot be read`, { hint: 'Name an HTML file: plimsoll maintenance on --page sorry.html', cause })
  }
}
