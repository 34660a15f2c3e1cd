import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { readContainerLog } from '../container-log.ts'
import type { Dock } from '../containers.ts'
import { runInside } from '../run-inside.ts'
import { resourceName } from '../../container/place-labels.ts'
import type { ResourceName } from './resource-body.ts'

/** How long a server may take to make, or to read back, its data. */
const patienceMs = 120_000
const pollMs = 250

/** For one answer. */
const answerMs = 5_000
const stateSchema = z.object({ RestartCount: z.number(), State: z.object({ Status: z.string() }) })

interface Question {
  readonly resource: ResourceName
  /** A program of the image that ends with 0 when the server answers. */
  readonly ask: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** Waits until a server answers. Throws `DATABASE_DOWN` with its last lines in `details.log` when it does not come up. */
export async function untilReady(dock: Dock, question: Question, signal: AbortSignal): Promise<void> {
  const { engine, clock, place } = dock
  const { resource } = question
  const path = `/containers/${resourceName(place, resource)}`
  for (const until = clock.now() + patienceMs; clock.now() < until; await clock.sleep(pollMs, signal)) {
    if (await answers(dock, question, signal)) return
    const { RestartCount, State } = await engine.read(stateSchema, { path: `${path}/json`, to: `look at ${resource.name}` }, signal)
    if (RestartCount > 1 && State.Status !== 'running') throw await down(dock, resource, 'it ends as soon as it is started', signal)
  }
  throw await down(dock, resource, `it did not answer within ${patienceMs / 1_000} s`, signal)
}

async function answers(dock: Dock, { resource, ask, environment = {} }: Question, signal: AbortSignal): Promise<boolean> {
  const container = resourceName(dock.place, resource)
  return (await runInside(dock, { container, command: ask, environment, withinMs: answerMs, to: `ask ${resource.name} whether it is ready` }, signal)) === 0
}

// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function down(dock: Dock, { app, kind, name }: ResourceName, why: string, signal: AbortSignal): Promise<PlimsollError> {
  const container = resourceName(dock.place, { app, kind, name })
  const log: string[] = []
  for await (const { text } of readContainerLog(dock.engine, { id: container, tail: 50, follow: false }, signal)) log.push(text)
  const what = kind === 'database' ? 'database' : 'key-value service'
  return new PlimsollError('DATABASE_DOWN', `The ${what} ${name} of ${app} does not answer: ${why}`, {
    hint: `Read what it printed: docker logs ${container}`,
    details: { log },
  })
}
