import { delimiter, isAbsolute } from 'node:path'
import { ownToolDirectory } from '../build/toolchain.ts'

/**
 * Where start commands find programs besides Node: Plimsoll's own pnpm first, then what this machine offers
 * (`machinePath` as in PATH: npm, yarn and the like). Twice is once. Throws `TOOL_MISSING` when Plimsoll's own
 * installation lacks pnpm.
 */
export async function toolDirectories(home: string, machinePath = ''): Promise<readonly string[]> {
  // A relative directory would mean another place in every unit.
  return [await ownToolDirectory(home), ...machinePath.split(delimiter).filter(isAbsolute)]
}
