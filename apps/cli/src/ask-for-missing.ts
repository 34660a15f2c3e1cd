import type { Client } from '@plimsoll/client'
import { contract, isPlimsollError, PlimsollError, type Release } from '@plimsoll/model'
import { z } from 'zod'
import { askHidden } from './screen/ask-hidden.ts'
import { fit } from './screen/fit.ts'
import type { Session } from './session.ts'

const missingSchema = z.object({ missing: z.array(z.string()).min(1) })

/**
 * Asks a person at a terminal for the values (`sync: false`) that a release was missing, and keeps them, all or none.
 * True when they were given, so that another attempt makes sense; where nobody can be asked, false.
 * Throws `INTERRUPTED` when the person gives up.
 */
export async function askForMissing({ client, session }: { readonly client: Client; readonly session: Session }, release: Release, { json }: { readonly json: boolean }): Promise<boolean> {
  const problem = release.outcome?.is === 'undone' ? release.outcome.problem : undefined
  if (problem?.code !== 'VALUE_MISSING' || json || !session.out.isTTY || !session.input.isTTY) return false
  const read = missingSchema.safeParse(problem.details)
  if (!read.success) return false
  const { missing } = read.data
  session.out.write(fit(`\nThe Blueprint leaves ${missing.length === 1 ? 'this value' : 'these values'} to you. What you type is not shown; it is kept on this machine, for this app.\n`, session.out.columns))
  const asked = { params: { app: release.app } }
  const { version } = await client.look(contract.listValues, asked)
  const values = await askHidden(session, missing, session.interrupted)
  if (values === undefined) throw gaveUp(release, missing)
  try {
    await client.call(contract.setValues, { ...asked, body: { values }, onlyIf: version })
    session.out.write('\n')
  } catch (error) {
    // Typing takes its time, and a colleague may have done the same.
    if (!isPlimsollError(error) || error.code !== 'CHANGED_MEANWHILE') throw error
    session.out.write(fit('\nSomebody else has changed the values of this app meanwhile: what you typed was not kept. Going on with what is there now.\n', session.out.columns))
  }
  return true
}

function gaveUp({ app, number }: Release, missing: readonly string[]): PlimsollError {
  return new PlimsollError('INTERRUPTED', `You stopped before every value was given: none was kept, and release ${number} of ${app} was taken back`, {
    hint: `Run the same command to be asked again, or set them: plimsoll env set --app ${app} ${missing.map((key) => `${key}=…`).join(' ')}`,
  })
}
