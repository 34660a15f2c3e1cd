import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'

/** Where an edge keeps what is its own, all inside one directory that only its user may enter. */
export interface EdgePaths {
  readonly directory: string
  readonly controlSocket: string
  readonly snapshot: string
  readonly assets: string
  /** Static sites, where they do not lie on this machine otherwise. */
  readonly sites: string
  readonly log: string
  /** A line for each request, and what a person has set. */
  readonly accessLog: string
  readonly settings: string
  /** What Node keeps of compiled code: it halves a start and a third of the memory. */
  readonly compiled: string
}

/** The kernel's limit for the path of a socket, without the closing zero. */
const maxSocketPath = 107

/** Throws `USAGE` when the home's path is too long for a socket in it. */
export function edgePaths(home: string): EdgePaths {
  const directory = join(home, 'edge')
  const controlSocket = join(directory, 'control.sock')
  if (Buffer.byteLength(controlSocket) > maxSocketPath) {
    throw new PlimsollError('USAGE', `${home} is too long for the edge's socket: ${controlSocket} has more than ${maxSocketPath} bytes.`, {
      hint: 'Set PLIMSOLL_HOME to a shorter path.',
    })
  }
  const within = (name: string): string => join(directory, name)
  return { directory, controlSocket, snapshot: within('table.json'), assets: within('assets'), sites: within('sites'), log: within('edge.log'), accessLog: within('access.log'), settings: within('settings.json'), compiled: within('compiled') }
}
