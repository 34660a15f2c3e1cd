import type { Clock } from '@plimsoll/engine'
import type { keptRunning, leftStopped } from './container-body.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

/** How often an engine may be behind with what has become of a container, and for how long each time, in milliseconds. */
const behind = { tries: 50, pauseMs: 100 }

/**
 * Says whether a container is to be kept running. `leftStopped` before it is told to end: who dies in between leaves nothing that comes back.
 * Of one that has just ended an engine may still say that it runs, and then its runtime has nothing to change: it is asked again until the
 * engine has noticed. Gone, or being removed, is fine.
 */
export async function settlePolicy({ engine, clock }: { readonly engine: DockerEngine; readonly clock: Clock }, { id, policy }: { readonly id: string; readonly policy: typeof keptRunning | typeof leftStopped }, signal: AbortSignal): Promise<void> {
  const request = { method: 'POST', path: `/containers/${id}/update`, body: { RestartPolicy: policy }, to: `say whether the container ${id} is to run` } as const
  for (let tries = 1; tries < behind.tries; tries += 1) {
    const { status } = await engine.call({ ...request, also: [404, 409, 500] }, signal)
    if (status !== 500) return
    await clock.sleep(behind.pauseMs, signal)
  }
  await engine.call({ ...request, also: [404, 409] }, signal)
}
