import type { InstanceNeeds, InstanceView } from '@plimsoll/model'
import type { Tone } from './tone.ts'

/** How an instance is, in one short line. */
export function stateOf({ state, exit, health }: Pick<InstanceView, 'state' | 'exit' | 'health'>): { readonly tone: Tone; readonly text: string } {
  const end = exit === undefined ? '' : exit.because !== undefined ? `: ${exit.because}` : exit.signal === null ? ` with status ${exit.code ?? 'unknown'}` : ` by ${exit.signal}`
  switch (state) {
    case 'starting': return { tone: 'busy', text: 'starting' }
    case 'backing-off': return { tone: 'bad', text: `ended${end}, is started again` }
    case 'exited': return { tone: 'bad', text: `ended${end}` }
    case 'running': return health?.is === 'unhealthy' ? { tone: 'bad', text: 'says that it is unhealthy' } : { tone: 'good', text: 'running' }
  }
}

export const servesWords: Readonly<Record<InstanceView['serves'], string>> = { live: 'live', canary: 'canary', warm: 'warm', other: 'serves nobody' }

/** `212 MB`, `212 of 512 MB`: in the binary megabytes in which limits are given. */
export function memoryText({ memoryBytes, memoryLimitBytes }: Pick<InstanceNeeds, 'memoryBytes' | 'memoryLimitBytes'>): string {
  const megabytes = (bytes: number): string => (bytes / 1024 / 1024 < 9.95 ? (bytes / 1024 / 1024).toFixed(1) : String(Math.round(bytes / 1024 / 1024)))
  return memoryLimitBytes === undefined ? `${megabytes(memoryBytes)} MB` : `${megabytes(memoryBytes)} of ${megabytes(memoryLimitBytes)} MB`
}

/** Of one processor: `3 %`, `150 %`. */
export function cpuText({ cpu }: Pick<InstanceNeeds, 'cpu'>): string {
  return `${cpu > 0 && cpu < 0.095 ? (cpu * 100).toFixed(1) : Math.round(cpu * 100)} %`
}
