import { PlimsollError } from '@plimsoll/model'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Render's Key Value is Valkey; Redis speaks the same protocol. */
const programs = ['valkey-server', 'redis-server']
const systemPath = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin', '/sbin', '/snap/bin', '/home/linuxbrew/.linuxbrew/bin'].join(delimiter)

/** The server program of this machine. Throws `TOOL_MISSING` when it has none. */
export async function findKeyValueServer(service: string, searchPath: string = systemPath): Promise<string> {
  for (const program of programs) {
    for (const directory of searchPath.split(delimiter).filter((each) => each !== '')) {
      if (await isExecutable(join(directory, program))) return join(directory, program)
    }
  }
  throw new PlimsollError('TOOL_MISSING', `The key-value service ${service} needs valkey-server or redis-server, and this machine has neither`, {
    hint: 'Install one, then try again: sudo apt-get install redis-server (or valkey-server)',
  })
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us to run: either way the next directory may have it.
    return false
  }
}
