import { instanceSchema, type Instance, type ServiceKind } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { healthOf, type Health } from './service-health.ts'

function instance(given: Partial<Instance>): Instance {
  return instanceSchema.parse({ id: 'i', unit: { name: 'web-r3', service: 'web', release: 3 }, state: 'running', restarts: 0, ...given })
}
const ended = { code: 1, signal: null }

test.each<[Health, ServiceKind, Partial<Instance>[]]>([
  [{ tone: 'good', text: '2 running' }, 'web', [{}, {}]],
  [{ tone: 'warn', text: '1 running, 1 restart' }, 'worker', [{ restarts: 1 }]],
  [{ tone: 'busy', text: 'starting, 1 of 2 running' }, 'web', [{}, { state: 'starting' }]],
  [{ tone: 'bad', text: 'keeps ending with status 1, 1 of 2 running' }, 'web', [{}, { state: 'backing-off', exit: ended }]],
  [{ tone: 'bad', text: 'ended by SIGKILL' }, 'web', [{ state: 'exited', exit: { code: null, signal: 'SIGKILL' } }]],
  [{ tone: 'bad', text: 'says that it is unhealthy' }, 'web', [{ health: { is: 'unhealthy', says: '' } }]],
  [{ tone: 'bad', text: 'not running' }, 'web', []],
  [{ tone: 'good', text: 'served as files' }, 'static', []],
  [{ tone: 'quiet', text: '0 3 * * * UTC' }, 'cron', []],
  [{ tone: 'busy', text: 'runs now' }, 'cron', [{}]],
  [{ tone: 'quiet', text: '0 3 * * * UTC' }, 'cron', [{ state: 'exited', exit: { code: 0, signal: null } }]],
  [{ tone: 'bad', text: 'last run ended with status 1' }, 'cron', [{ state: 'exited', exit: ended }]],
])('says %j of a %s service with %j', (health, kind, instances) => {
  expect(healthOf({ kind, instances: instances.map(instance), ...(kind === 'cron' && { schedule: '0 3 * * *' }) })).toEqual(health)
})
