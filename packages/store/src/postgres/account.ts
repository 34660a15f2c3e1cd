import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The user and group that the server runs as, where that is not ourselves. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** `nobody`, the same number on Debian, Fedora, Alpine and Arch. */
const nobody: Account = { uid: 65534, gid: 65534 }

/**
 * PostgreSQL refuses to run as root, so root lends the server another account: that of
 * the home's owner, or `nobody`. Undefined for everybody else, who runs it as themselves.
 */
export async function accountFor(home: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined
  const { uid, gid } = await stat(home)
  return uid === 0 ? nobody : { uid, gid }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** True when `account` may enter every directory on the way to `path`, and `path` itself if it is one. Knows modes, not ACLs. */
export async function canReach(path: string, account: Account): Promise<boolean> {
  const there = await stat(path)
  if (there.isDirectory() && !may(there, account, 1)) return false
  const parent = dirname(path)
  return parent === path ? true : canReach(parent, account)
}

/** True when the mode gives `account` all of `bits` (4 read, 2 write, 1 execute). */
export function may(file: { readonly mode: number; readonly uid: number; readonly gid: number }, account: Account, bits: number): boolean {
  const shift = file.uid === account.uid ? 6 : file.gid === account.gid ? 3 : 0
  return ((file.mode >> shift) & bits) === bits
}
