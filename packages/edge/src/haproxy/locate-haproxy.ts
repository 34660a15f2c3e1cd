import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'

/** Where systems have it that keep it out of the PATH of users. */
const usualDirectories = ['/usr/sbin', '/usr/local/sbin']

/** HAProxy's executable, by a PATH. Throws `TOOL_MISSING`. */
export function locateHaproxy(searchPath: string | undefined): string {
  const directories = [...(searchPath ?? '').split(':').filter((each) => each.startsWith('/')), ...usualDirectories]
  const found = directories.map((directory) => join(directory, 'haproxy')).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new PlimsollError('TOOL_MISSING', 'The edge is to be HAProxy, and this machine has none.', {
    hint: 'Install it: sudo apt-get install haproxy. Or take the own edge: unset PLIMSOLL_EDGE',
  })
}
