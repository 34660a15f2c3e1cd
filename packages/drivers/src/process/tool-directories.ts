import { delimiter, isAbsolute } from 'node:path'
import { isPlimsollError } from '@plimsoll/model'
import { ownToolDirectory } from '../build/toolchain.ts'

/**
 * Where start commands find programs besides Node: Plimsoll's own pnpm first, then what this machine offers
 * (`machinePath` as in PATH: npm, yarn and the like). Twice is once.
 */
export async function toolDirectories(home: string, machinePath = ''): Promise<readonly string[]> {
  const own = await ownToolDirectory(home).catch((error: unknown) => {
    // Plimsoll's own image has no package manager. A build says so, and what needs none goes on without.
    if (!isPlimsollError(error) || error.code !== 'TOOL_MISSING') throw error
  })
  // A relative directory would mean another place in every unit.
  return [...(own === undefined ? [] : [own]), ...machinePath.split(delimiter).filter(isAbsolute)]
}
