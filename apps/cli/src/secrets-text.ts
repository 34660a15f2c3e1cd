import type { Rotated, SecretsStatus, StartedOver } from '@plimsoll/model'
import type { Painter } from './screen/painter.ts'
import { problemText } from './screen/problem-text.ts'

/** With which keys secrets are sealed. */
export function secretsText({ from, keys, problem }: SecretsStatus, paint: Painter): string {
  const words = { current: 'seals', old: 'opens, until everything is sealed with the other', missing: paint('red', 'missing') }
  const lines = keys.map(({ id, is, secrets }) => `  ${id}  ${counted(secrets)}  ${words[is]}\n`)
  return `${problem === undefined ? '' : problemText(problem, paint)}Keys from ${from}\n${lines.join('')}`
}

/** What a rotation has done. */
export function rotatedText({ current, made, sealed, unopened, dropped }: Rotated): string {
  const head = made ? `New key ${current}: ${counted(sealed)} sealed with it` : `The rotation to key ${current} is finished: ${counted(sealed)} were left`
  const old = dropped.length === 0 ? '' : `Dropped: ${dropped.join(', ')}. Backups of the database from before need it: keep a copy for as long as you keep them.\n`
  return `${head}.\n${old}${unopened === 0 ? '' : `${counted(unopened)} cannot be opened with any key that there is, and stayed as they are. See: plimsoll secrets\n`}`
}

/** What was given up. */
export function startedOverText({ current, forgotten, newPasswords }: StartedOver): string {
  const values = forgotten.map(({ app, key }) => `  ${app}  ${key}\n`)
  const databases = newPasswords.map(({ app, name }) => `  ${app}  ${name}\n`)
  return [
    `Secrets are sealed with key ${current} from now on.\n`,
    ...(values.length === 0 ? ['No value was given up.\n'] : ['Given up; what was set must be set again, what was generated is made anew by the next release:\n', ...values]),
    ...(databases.length === 0 ? [] : ['Databases with another password from the next release on:\n', ...databases]),
  ].join('')
}

function counted(secrets: number): string {
  return secrets === 1 ? '1 secret' : `${secrets} secrets`
}
