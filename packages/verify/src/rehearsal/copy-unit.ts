import { startInOrder, type EdgeContext, type RunnableUnit } from '@plimsoll/engine'
import type { Address, Instance } from '@plimsoll/model'
import type { RehearsalParts } from './rehearsal-parts.ts'
import type { CopyUnit, LaidOver } from './rehearsal.ts'

export interface UnitOfCopy {
  readonly unit: RunnableUnit
  readonly addresses: readonly Address[]
  readonly contextFor: (signal: AbortSignal) => EdgeContext
}

/** One unit of a copy, to be asked and to be handled roughly. */
export function copyUnit({ driver, listening, reach, output, probe, sharesLoopback }: RehearsalParts, { unit: runnable, addresses, contextFor }: UnitOfCopy): CopyUnit {
  const { app, unit, spec, environment, artifact } = runnable
  const laidOver = (more: LaidOver = {}): RunnableUnit => ({ ...runnable, environment: withoutAbsent({ ...environment, ...more }) })
  const instances: CopyUnit['instances'] = async (signal) => (await driver.observe(app, signal)).filter((each) => each.unit.name === unit.name)
  return {
    unit, spec, environment, addresses, files: artifact.files, instances,
    reach: (address, signal) => reach({ app, unit, address }, signal),
    takes: async (address, signal) => (await probe.tcp({ address, timeoutMs: takesMs }, signal)).is === 'healthy',
    start: async (signal, more) => startInOrder(contextFor(signal), [laidOver(more)]),
    async begin(signal, more) {
      await driver.start(laidOver(more), signal)
    },
    terminate: sharesLoopback ? async (signal) => (await instances(signal)).forEach(terminate) : undefined,
    stop: (graceMs, signal) => driver.stop(app, unit, graceMs, signal),
    listening: async (signal) => (await Promise.all((await instances(signal)).map(listening))).flat(),
    async log(tail, signal) {
      const lines: string[] = []
      for await (const { text } of driver.logs({ app, unit, tail, follow: false }, signal)) lines.push(text)
      return lines
    },
    exec: (command, signal) => driver.exec({ ...runnable, command, output }, signal),
  }
}

const takesMs = 1_000

function terminate({ pid }: Instance): void {
  if (pid === undefined) return
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    // It has ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function withoutAbsent(environment: LaidOver): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}
