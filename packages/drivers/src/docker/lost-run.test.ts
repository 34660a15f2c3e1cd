import { afterEach, beforeEach, expect, test } from 'vitest'
import { fakeEngines } from '../../test/fake-engines.ts'
import type { Container } from './containers.ts'
import { wasLost } from './lost-run.ts'

const never = new AbortController().signal
const { serve } = fakeEngines({ beforeEach, afterEach })

interface Told {
  readonly status?: Container['status']
  readonly exitCode?: number
  readonly outOfMemory?: boolean
  /** What the engine remembers of the container. */
  readonly events?: readonly string[]
  readonly liveRestore?: boolean
}

/** What is thought of a run that an engine tells this of, and what it was asked for that. */
async function thoughtOf({ status = 'exited', exitCode = 0, outOfMemory = false, events = [], liveRestore = false }: Told): Promise<{ readonly isLost: boolean; readonly asked: readonly URL[] }> {
  const asked: URL[] = []
  const engine = await serve('1.41', ({ url = '' }, response) => {
    asked.push(new URL(url, 'http://docker'))
    response.end(url.startsWith('/v1.41/info') ? JSON.stringify({ LiveRestoreEnabled: liveRestore, SystemTime: '2026-01-01T02:00:00.5+02:00' }) : events.map((Action) => `${JSON.stringify({ Action })}\n`).join(''))
  })
  return { isLost: await wasLost(engine, { id: 'c', status, exitCode, outOfMemory } as Container, never), asked }
}

const lost: readonly (readonly [string, Told])[] = [
  ['its machine went down', { exitCode: 255 }],
  ['it could not be taken down', { status: 'dead' }],
  ['the engine that came back ended it', { exitCode: 143, events: ['kill', 'die'] }],
  ['it took well that the engine that came back ended it', { exitCode: 0, events: ['kill', 'die'] }],
  ['it was ended with an engine that was told to end', { exitCode: 143 }],
  ['it was killed with an engine that was told to end', { exitCode: 137 }],
]
test.each(lost)('a run is lost when %s', async (_, told) => {
  expect((await thoughtOf(told)).isLost).toBe(true)
})

const known: readonly (readonly [string, Told])[] = [
  ['goes on', { status: 'running' }],
  ['has not begun', { status: 'created' }],
  ['ended by itself', { exitCode: 0, events: ['start', 'die'] }],
  ['ended by itself while no engine ran', { exitCode: 4 }],
  ['was ended by a person', { exitCode: 143, events: ['start', 'kill', 'die'] }],
  ['was ended by a person under an engine that had spared it', { exitCode: 143, events: ['kill', 'die'], liveRestore: true }],
  ['needed more memory than there was', { exitCode: 137, outOfMemory: true }],
]
test.each(known)('the end is known, or to come, of a run that %s', async (_, told) => {
  expect((await thoughtOf(told)).isLost).toBe(false)
})

test('an engine is asked for what it remembers up to its own now, so that it ends its answer', async () => {
  const { asked } = await thoughtOf({ exitCode: 1, events: ['start', 'die'] })
  expect(asked.at(-1)?.searchParams.get('until')).toBe(String(Date.parse('2026-01-01T00:00:00.5Z') / 1_000))
})
