import { expect, test } from 'vitest'
import { bindAddressCheck } from '../src/checks/boot/bind-address-check.ts'
import { portCheck } from '../src/checks/boot/port-check.ts'
import { timeCheck } from '../src/checks/boot/time-check.ts'
import { findingsOf, processRehearsal } from './process-rehearsal.ts'

const listening = (host: string): string => `import { createServer } from 'node:http'
createServer((request, response) => response.end('ok')).listen(Number(process.env.PORT), '${host}')`

test('a service that listens on the loopback alone fails, and one that listens for everybody passes', async () => {
  const rehearsal = await processRehearsal({ services: { near: { source: listening('127.0.0.1') }, open: { source: listening('0.0.0.0') } } })
  expect(await findingsOf(bindAddressCheck(), rehearsal)).toMatchObject([
    { service: 'near', is: 'fail', finding: expect.stringMatching(/^near listens on 127\.0\.0\.1:\d+ only/) },
    { service: 'open', is: 'pass' },
  ])
  expect(await findingsOf(portCheck(), rehearsal)).toMatchObject([{ service: 'near', is: 'pass' }, { service: 'open', is: 'pass' }])
})

test('a service that starts much slower than the live one is told; without one that is live there is nothing to hold it against', async () => {
  const late = `setTimeout(async () => { ${listening('0.0.0.0').replace("import { createServer } from 'node:http'", "const { createServer } = await import('node:http')")} }, 1_800)`
  const quick = { api: { source: listening('0.0.0.0') } }
  const slow = await processRehearsal({ services: { api: { source: late } }, live: { services: quick } })
  expect(await findingsOf(timeCheck({ rounds: 1, noticedMs: 100 }), slow)).toMatchObject([{ service: 'api', is: 'fail', weight: 'advice', finding: expect.stringContaining('where the live one needs') }])
  expect(await findingsOf(timeCheck({ rounds: 1, noticedMs: 10_000 }), await processRehearsal({ services: quick, live: { services: quick } }))).toMatchObject([{ service: 'api', is: 'pass' }])
  expect(await findingsOf(timeCheck(), await processRehearsal({ services: quick }))).toMatchObject([{ is: 'skipped' }])
})

test('a service that opens another port for everybody is told, and one for itself alone is not', async () => {
  const rehearsal = await processRehearsal({ services: { plain: { source: listening('0.0.0.0') } } })
  const { units: [unit] } = await rehearsal.shared(new AbortController().signal)
  const told = unit?.addresses[0]?.port ?? 0
  const withMore = (host: string) => ({ ...rehearsal, shared: async (signal: AbortSignal) => {
    const copy = await rehearsal.shared(signal)
    return { ...copy, units: copy.units.map((each) => ({ ...each, listening: async () => [{ host: '0.0.0.0', port: told }, { host, port: 9229 }] })) }
  } })
  expect(await findingsOf(portCheck(), withMore('::'))).toMatchObject([{ is: 'fail', weight: 'advice', finding: expect.stringContaining('[::]:9229') }])
  expect(await findingsOf(portCheck(), withMore('127.0.0.1'))).toMatchObject([{ is: 'pass' }])
})
