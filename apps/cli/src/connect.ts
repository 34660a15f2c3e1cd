import { setTimeout as delay } from 'node:timers/promises'
import { homeIn, launchApi, logPath } from '@plimsoll/api'
import { createClient, readEndpoint, type Client } from '@plimsoll/client'
import { contract, isPlimsollError, PlimsollError } from '@plimsoll/model'
import type { Session } from './run-cli.ts'

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

/** A client of the API of this home, after starting it if need be. */
export async function ensureApi(session: Session): Promise<Client> {
  const running = await findApi(session)
  if (running !== undefined) return running
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

/** A client of the API of this home. Throws `API_UNREACHABLE` when none runs, and starts none: to look is not to start. */
export async function requireApi(session: Session): Promise<Client> {
  const client = await findApi(session)
  if (client !== undefined) return client
  throw new PlimsollError('API_UNREACHABLE', 'Plimsoll does not run', { hint: 'Start it, and release the app in this directory: plimsoll up' })
}
