import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Client } from '@plimsoll/client'
import { logLineSchema, releaseSchema, type ReleaseEvent } from '@plimsoll/model'
import { expect, test } from 'vitest'
import type { Session } from './session.ts'
import { watchToEnd } from './watch-release.ts'

const at = '2026-11-27T10:00:00.000Z'
const release = releaseSchema.parse({
  app: 'shop', number: 1, kind: 'release', state: 'live', source: { root: '/srv', blueprint: 'render.yaml', dirty: false }, startedAt: at, endedAt: at, outcome: { is: 'completed' },
  steps: [{ name: 'plan', title: 'Read the Blueprint' }],
})
const line = (more: object): ReleaseEvent => ({ event: 'line', data: logLineSchema.parse({ at, service: 'api', stream: 'out', text: 'compiled', ...more }) })

async function seen(events: readonly ReleaseEvent[], verbose: boolean): Promise<string> {
  const out = new PassThrough()
  const stream = async function* () { yield* events }
  const client = { stream } as unknown as Client
  const session = { out: Object.assign(out, { isTTY: false }), interrupted: new AbortController().signal } as unknown as Session
  await watchToEnd({ client, session, release }, { verbose, json: false })
  out.end()
  return text(out)
}

test('what is to be read in any case is printed also to whoever wants to read little', async () => {
  const events = [line({}), line({ stream: 'plimsoll', text: 'This place cannot do that\u001B[2J', notice: true }), { event: 'end', data: release } as ReleaseEvent]
  expect(await seen(events, false)).toBe('  api │ This place cannot do that\n')
  expect(await seen(events, true)).toBe('  api │ compiled\n  api │ This place cannot do that\n')
})
