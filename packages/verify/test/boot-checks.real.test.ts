import { expect, test } from 'vitest'
import { bindAddressCheck } from '../src/checks/boot/bind-address-check.ts'
import { portCheck } from '../src/checks/boot/port-check.ts'
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
