import type { LogRequest } from '@plimsoll/engine'
import type { LogLine } from '@plimsoll/model'
import { readContainerLog } from './container-log.ts'
import { findContainers, type Dock } from './containers.ts'
import { readMergedLog } from '../container/merged-log.ts'

/** The last lines of all of a unit's containers in the order of their times; then, if asked, new ones as they come. */
export function readUnitLogs(dock: Dock, { app, unit, ...request }: LogRequest, signal: AbortSignal): AsyncGenerator<LogLine> {
  return readMergedLog({
    clock: dock.clock,
    sources: async (until) => (await findContainers(dock, { app, unit, role: 'instance' }, until)).map(({ id, marks }) => ({ id, instance: marks.id, unit: marks.unit })),
    read: (question, until) => readContainerLog(dock.engine, question, until),
  }, request, signal)
}
