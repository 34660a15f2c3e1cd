import type { Instance, ServiceKind, ServiceView } from '@plimsoll/model'
import type { Tone } from './tone.ts'

export interface Health {
  readonly tone: Tone
  readonly text: string
}

/** The one table of words for the kinds of service. */
export const kindWords: Readonly<Record<ServiceKind, string>> = {
  web: 'web', pserv: 'private', worker: 'worker', cron: 'cron', static: 'static site', keyvalue: 'key-value',
}

/** How a service is while its place does not answer. */
export const notKnown: Health = { tone: 'warn', text: 'not known' }

/** How a service is, in one short line, worst news first. */
export function healthOf({ kind, instances, schedule }: Pick<ServiceView, 'kind' | 'instances' | 'schedule'>): Health {
  const running = instances.filter(({ state }) => state === 'running').length
  const failing = instances.filter(({ state }) => state === 'backing-off')
  if (failing.length > 0) return { tone: 'bad', text: `keeps ending${endOf(failing)}${of(running, instances.length)}` }
  if (kind === 'cron') return running > 0 ? { tone: 'busy', text: 'runs now' } : lastRunOf(instances, schedule)
  if (instances.length === 0) return kind === 'static' ? { tone: 'good', text: 'served as files' } : { tone: 'bad', text: 'not running' }
  const exited = instances.filter(({ state }) => state === 'exited')
  if (exited.length > 0) return { tone: 'bad', text: `ended${endOf(exited)}${of(running, instances.length)}` }
  if (running < instances.length) return { tone: 'busy', text: `starting${of(running, instances.length)}` }
  const unwell = instances.find(({ health }) => health?.is === 'unhealthy')
  if (unwell !== undefined) return { tone: 'bad', text: `says that it is unhealthy${of(running, instances.length)}` }
  const restarts = instances.reduce((sum, instance) => sum + instance.restarts, 0)
  if (restarts > 0) return { tone: 'warn', text: `${running} running, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}` }
  return { tone: 'good', text: `${running} running` }
}

function lastRunOf(instances: readonly Instance[], schedule: string | undefined): Health {
  const failed = instances.filter(({ exit }) => exit !== undefined && exit.code !== 0)
  if (failed.length > 0) return { tone: 'bad', text: `last run ended${endOf(failed)}` }
  return { tone: 'quiet', text: schedule === undefined ? 'waits' : `${schedule} UTC` }
}

function endOf(instances: readonly Instance[]): string {
  const exit = instances.find((instance) => instance.exit !== undefined)?.exit
  if (exit === undefined) return ''
  return exit.signal === null ? ` with status ${exit.code ?? 'unknown'}` : ` by ${exit.signal}`
}

function of(running: number, all: number): string {
  return all > 1 ? `, ${running} of ${all} running` : ''
}
