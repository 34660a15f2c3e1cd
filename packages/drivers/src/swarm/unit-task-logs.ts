import type { LogRequest } from '@plimsoll/engine'
import type { LogLine } from '@plimsoll/model'
import { readMergedLog } from '../container/merged-log.ts'
import { findServices, tasksOf, type Cluster } from './cluster.ts'
import { slotMark } from './observe-tasks.ts'
import { readTaskLog } from './task-log.ts'

/** The last lines of all runs of a unit's instances, from all machines, in the order of their times; then, if asked, new ones as they come. */
export function readTaskLogs(cluster: Cluster, { app, unit, ...request }: LogRequest, signal: AbortSignal): AsyncGenerator<LogLine> {
  return readMergedLog({
    clock: cluster.clock,
    async sources(until) {
      const services = await findServices(cluster, { app, unit, role: 'instance' }, until)
      const tasks = await tasksOf(cluster, services.map(({ id }) => id), until)
      // Of a task that has no container yet the cluster would wait for one.
      return tasks.filter(({ hasContainer }) => hasContainer).flatMap(({ id, service, slot }) => {
        const marks = services.find((each) => each.id === service)?.marks
        return marks === undefined ? [] : [{ id, instance: marks.id.replace(slotMark, String(slot)), unit: marks.unit }]
      })
    },
    read: (question, until) => readTaskLog(cluster.managers, question, until),
  }, request, signal)
}
