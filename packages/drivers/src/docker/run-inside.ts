import { z } from 'zod'
import type { Dock } from './containers.ts'

const madeSchema = z.object({ Id: z.string() })
const endSchema = z.object({ ExitCode: z.number().nullable() })
const pollMs = 50

export interface InsideCommand {
  /** By name or id. */
  readonly container: string
  /** A program and its arguments. */
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly withinMs: number
  /** What this does, in the words that follow "could not". */
  readonly to: string
}

/** Runs a program in a container that runs, and gives the status that it ends with; undefined when it could not be started, or did not end in time. */
export async function runInside({ engine, clock }: Pick<Dock, 'engine' | 'clock'>, { container, command, environment = {}, withinMs, to }: InsideCommand, signal: AbortSignal): Promise<number | undefined> {
  const body = { Cmd: command, Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`) }
  // It does not run at this moment, or has no such program.
  const refusals = [400, 404, 409, 500]
  const made = await engine.call({ method: 'POST', path: `/containers/${container}/exec`, body, to, also: refusals }, signal)
  if (made.status >= 400) return undefined
  const { Id } = madeSchema.parse(JSON.parse(made.body))
  const started = await engine.call({ method: 'POST', path: `/exec/${Id}/start`, body: { Detach: true }, to, also: refusals }, signal)
  if (started.status >= 400) return undefined
  for (const until = clock.now() + withinMs; ; await clock.sleep(pollMs, signal)) {
    const { ExitCode } = await engine.read(endSchema, { path: `/exec/${Id}/json`, to }, signal)
    if (ExitCode !== null) return ExitCode
    if (clock.now() >= until) return undefined
  }
}
