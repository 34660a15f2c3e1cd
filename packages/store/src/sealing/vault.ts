import { PlimsollError } from '@plimsoll/model'
import { codeOf } from '../postgres/code-of.ts'
import { keyIdOf, seal, unseal, type SecretPlace } from './envelope.ts'
import type { SecretKeys } from './key-source.ts'
import type { SecretKey } from './secret-key.ts'

/** What seals and opens secrets. Sealed ones are all that a database is given. */
export interface Vault {
  /** Does `write` with the sealed secret, and again with one under another key when the first was dropped meanwhile. Throws `SECRETS_LOCKED`. */
  keep<T>(place: SecretPlace, secret: string, write: (sealed: Buffer) => Promise<T>): Promise<T>
  /** The same for several, which are written together. */
  keepAll<T, Placed extends { readonly place: SecretPlace; readonly secret: string }>(secrets: readonly Placed[], write: (sealed: readonly (Placed & { readonly sealed: Buffer })[]) => Promise<T>): Promise<T>
  /** Throws `SECRETS_LOCKED` when no key is there that opens it, `SECRET_ALTERED` when it is not what was sealed for this place. */
  open(place: SecretPlace, sealed: Buffer): Promise<string>
}

/** `keys` gives those of this moment, the one that seals first. */
export function createVault(keys: () => Promise<SecretKeys>): Vault {
  const keepAll: Vault['keepAll'] = async (secrets, write) => {
    const sealedWith = (key: SecretKey) => secrets.map((each) => ({ ...each, sealed: seal(key, each.place, each.secret) }))
    const [first] = await keys()
    try {
      return await write(sealedWith(first))
    } catch (error) {
      const [current] = await keys()
      if (codeOf(error) !== foreignKeyViolation || current.id === first.id) throw error
      return write(sealedWith(current))
    }
  }
  return {
    keepAll,
    keep: (place, secret, write) => keepAll([{ place, secret }], ([one]) => write(one?.sealed ?? Buffer.alloc(0))),
    async open(place, sealed) {
      const known = await keys()
      const id = keyIdOf(sealed)
      const key = known.find((each) => each.id === id)
      if (key === undefined && id !== undefined) throw lost(place, id)
      const secret = key && unseal(key, place, sealed)
      if (secret === undefined) throw altered(place)
      return secret
    },
  }
}

/** The line of a key is gone once nothing is sealed with it any more. */
export const foreignKeyViolation = '23503'

function lost(place: SecretPlace, id: string): PlimsollError {
  return new PlimsollError('SECRETS_LOCKED', `${placeText(place)} was sealed with key ${id}, which is not among the keys of this Plimsoll`, { hint: 'Put that key back, as a line below the others. Where it is lost for good, what is sealed with it is too: plimsoll secrets start-over' })
}

function altered(place: SecretPlace): PlimsollError {
  return new PlimsollError('SECRET_ALTERED', `${placeText(place)} is not what was sealed there: somebody has changed it in the database, or moved it from another place`, { hint: 'Set it anew, or restore the database from a backup, and find out who writes to it.' })
}

/** Which secret it is, in words; those of a table that is not named here are values. */
function placeText([table, first = '', ...key]: SecretPlace): string {
  const words: Readonly<Record<string, string>> = { databases: `The password of database ${key.join(' ')} of ${first}`, channels: `How channel ${first} is reached`, hooks: `What the hook of ${first} is signed with` }
  return words[table] ?? `The value ${key.join(' ')} of ${first}`
}
