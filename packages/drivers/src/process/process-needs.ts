import { readProcFile } from './process-table.ts'

/** What one process needs of the machine, with the children that it has outlived. */
export interface ProcessNeeds {
  readonly cpuMs: number
  readonly memoryBytes: number
}

/** Linux tells times to programs in hundredths of a second, whatever it counts in itself. */
const msInTick = 10

/** Undefined when there is no such process any more. */
export function needsOf(pid: number): ProcessNeeds | undefined {
  const stat = readProcFile(pid, 'stat')
  const status = readProcFile(pid, 'status')
  if (stat === undefined || status === undefined) return undefined
  return { cpuMs: cpuMsIn(stat), memoryBytes: memoryIn(readProcFile(pid, 'smaps_rollup') ?? '', status) }
}

/** Own time, that of the kernel for it, and both of children that have ended. The name may contain spaces and parentheses. */
export function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * msInTick
}

/** Its share of what it has in memory, so that pages which processes of one instance share count once; all of it where that may not be read. */
export function memoryIn(smaps: string, status: string): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(smaps)?.[1] ?? /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? '0'
  return Number(kilobytes) * 1024
}
