import { PlimsollError } from '@plimsoll/model'
import { askHidden } from './screen/ask-hidden.ts'
import type { Session } from './session.ts'

/**
 * What is secret, from the variables that are named for it; what is named none is asked for on a terminal. Nobody reads it in a list of processes
 * then, or in the history of a shell. Throws `USAGE` where there is no terminal to ask on, or a variable is not set, and `INTERRUPTED`.
 */
export async function secretsIn(session: Session, wanted: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>> {
  const { environment, input, out, interrupted } = session
  const held = Object.fromEntries(Object.entries(wanted).flatMap(([part, variable]) => (variable === undefined ? [] : [[part, heldIn(environment, variable)]])))
  const asked = Object.keys(wanted).filter((part) => held[part] === undefined)
  if (asked.length === 0) return held
  if (!input.isTTY) throw new PlimsollError('USAGE', `Name the variable that holds its ${asked.join(' and its ')}`, { hint: 'As in: plimsoll notify add slack --url-from SLACK_URL' })
  const typed = await askHidden({ input, out }, asked, interrupted)
  if (typed === undefined) throw new PlimsollError('INTERRUPTED', 'Stopped, before anything was changed')
  return { ...held, ...typed }
}

function heldIn(environment: NodeJS.ProcessEnv, variable: string): string {
  const value = environment[variable]
  if (value !== undefined && value !== '') return value
  throw new PlimsollError('USAGE', `${variable} is not set`, { hint: 'It is read from the environment of this command.' })
}
