import type { Client } from '@plimsoll/client'
import { contract, PlimsollError } from '@plimsoll/model'
import type { Command } from 'commander'
import { ensureApi } from '../connect.ts'
import { createPainter } from '../screen/painter.ts'
import type { Session } from '../session.ts'

export function addConsole(program: Command, session: Session): void {
  program.command('console').summary('a link that lets a browser into the console')
    .description('Prints a link that lets a browser into the console as the owner of this machine: once, and within a day.\nThat is how the first one gets in, and whoever has lost a password.')
    .option('--json', 'print it as one JSON value', false)
    .action(async ({ json }: { readonly json: boolean }) => {
      const url = await consoleLink(await ensureApi(session))
      if (url === undefined) throw new PlimsollError('USAGE', 'This Plimsoll runs no console', { hint: 'It could not be built when Plimsoll was started, or runs elsewhere. See: plimsoll status' })
      session.out.write(json ? `${JSON.stringify({ url })}\n` : `${createPainter(session.out)('cyan', url)}\n`)
    })
}

/** A link into the console, at the page `to` of it; undefined where there is none. */
export async function consoleLink(client: Client, to?: string): Promise<string | undefined> {
  const { url } = await client.call(contract.makeLink, {})
  return url === undefined || to === undefined ? url : `${url}?to=${encodeURIComponent(to)}`
}
