import { setTimeout as delay } from 'node:timers/promises'
import { homeIn, launchApi, logPath } from '@plimsoll/api/launch'
import { createClient, readEndpoint, type Client } from '@plimsoll/client'
import { contract, isPlimsollError, PlimsollError } from '@plimsoll/model'
import type { Session } from './session.ts'

/** A client of the API of this home; undefined when none runs. */
export async function findApi({ environment }: Pick<Session, 'environment'>): Promise<Client | undefined> {
  try {
    const { url, token } = await readEndpoint(homeIn(environment))
    const client = createClient({ baseUrl: url, token })
    await client.call(contract.health, {})
    return client
  } catch (error) {
    // Nothing was announced, or what was announced is gone: either way nobody answers.
    if (isPlimsollError(error) && error.code === 'API_UNREACHABLE') return undefined
    throw error
  }
}

/** Whether an API announced itself in this home and never took that back, although nobody answers: it was killed. */
export async function hasCrashed(session: Pick<Session, 'environment'>): Promise<boolean> {
  const announced = await readEndpoint(homeIn(session.environment)).then(() => true, () => false)
  return announced && (await findApi(session)) === undefined
}

/** A client of the API of this home, after starting it if need be. */
export async function ensureApi(session: Session): Promise<Client> {
  const running = await findApi(session)
  if (running !== undefined && !(await isOutOfDate(running, session))) return running
  if (running !== undefined) await stopApi(running, session)
  const home = homeIn(session.environment)
  await launchApi({ home, environment: session.environment }, session.interrupted)
  // Another command may have been the one that started it, and may not have finished.
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    const client = await findApi(session)
    if (client !== undefined) return client
    await delay(100, undefined, { signal: session.interrupted })
  }
  throw new PlimsollError('API_UNREACHABLE', 'Plimsoll was started and does not answer', { hint: `Its log says why: ${logPath(home)}` })
}

/** An API that was started without the console that there is now. One that runs a release is left to finish it. */
async function isOutOfDate(client: Client, { environment }: Session): Promise<boolean> {
  if (environment['PLIMSOLL_CONSOLE'] === undefined || (await client.call(contract.health, {})).console !== undefined) return false
  return (await client.call(contract.listApps, {})).every(({ underWay }) => underWay === null)
}

/** Ends the API and nothing that it looks after; returns when it is gone. */
export async function stopApi(client: Client, session: Session, options: { readonly all: boolean } = { all: false }): Promise<void> {
  const { pid } = await client.call(contract.health, {})
  await client.call(contract.stopPlimsoll, { body: options })
  while (isAlive(pid)) await delay(50, undefined, { signal: session.interrupted })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // There is no such process: that is the answer.
  }
}

/** A client of the API of this home. Throws `API_UNREACHABLE` when none runs, and starts none: to look is not to start. */
export async function requireApi(session: Session): Promise<Client> {
  const client = await findApi(session)
  if (client !== undefined) return client
  throw new PlimsollError('API_UNREACHABLE', 'Plimsoll does not run', { hint: 'Start it, and release the app in this directory: plimsoll up' })
}
