import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { apiVersion, clusterMarkIn, homeIn, launchApi, logPath } from '@plimsoll/api/launch'
import { createClient, readEndpoint, type Client } from '@plimsoll/client'
import { contract, edgeChoiceSchema, isPlimsollError, PlimsollError, traceHeaders, type StoppedApp } from '@plimsoll/model'
import { z } from 'zod'
import type { Session } from './session.ts'

/** An API that takes so long for its shortest answer stands still. A start of another one finds out for sure. */
const patienceMs = 5_000

/** A client of the API of this home; undefined when none runs, or it stands still. Of a server that is named, which must answer. */
export async function findApi({ environment, interrupted, server }: Pick<Session, 'environment' | 'interrupted' | 'server'>): Promise<Client | undefined> {
  // CI systems that trace their jobs set it: what is asked for here belongs to their trace.
  const headers = traceHeaders(environment['TRACEPARENT'])
  const elsewhere = server()
  if (elsewhere !== undefined) return createClient({ baseUrl: elsewhere.url, token: elsewhere.token, headers })
  const late = AbortSignal.timeout(patienceMs)
  try {
    const { url, token } = await readEndpoint(homeIn(environment))
    const client = createClient({ baseUrl: url, token, headers })
    await client.call(contract.health, {}, AbortSignal.any([interrupted, late]))
    return client
  } catch (error) {
    // Nothing was announced, or what was announced is gone: either way nobody answers.
    if (isPlimsollError(error) && error.code === 'API_UNREACHABLE') return undefined
    if (late.aborted && !interrupted.aborted) return undefined
    throw error
  }
}

/**
 * Whether there is something in this home for an API that does not answer. With `crashedOnly` it must have announced itself and
 * never have taken that back: it was killed, and what it looked after runs on.
 */
export async function hasState({ environment }: Pick<Session, 'environment'>, { crashedOnly }: { readonly crashedOnly: boolean }): Promise<boolean> {
  const home = homeIn(environment)
  const announced = await readEndpoint(home).then(() => true, () => false)
  return announced || (!crashedOnly && existsSync(home))
}

/** A client of the API of this home, after starting it if need be. */
export async function ensureApi(session: Session): Promise<Client> {
  const running = await findApi(session)
  if (running !== undefined && session.server() !== undefined) return running
  if (running !== undefined && !(await isOutOfDate(running, session))) return running
  if (running !== undefined) await stopApi(running)
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

/** What any build tells of its apps. */
const anyApps = { ...contract.listApps, reply: z.array(z.looseObject({ underWay: z.unknown() })) }

/**
 * An API of another version or another build, or one that was started without the console that there is now, or for another
 * edge or cluster. One that runs a release is left to finish it.
 */
export async function isOutOfDate(client: Client, { environment, interrupted }: Pick<Session, 'environment' | 'interrupted'>): Promise<boolean> {
  const { version, console, edge = 'own', cluster } = await client.call(contract.health, {})
  const hasConsole = environment['PLIMSOLL_CONSOLE'] === undefined || console !== undefined
  // Left out, or a word that no Plimsoll would start with, it is no wish to change what listens.
  const wanted = edgeChoiceSchema.catch(edge).parse(environment['PLIMSOLL_EDGE'])
  const seemsOurs = version === apiVersion && hasConsole && wanted === edge && (clusterMarkIn(environment) ?? cluster) === cluster
  if (seemsOurs && (await understands(client, AbortSignal.any([interrupted, AbortSignal.timeout(patienceMs)])))) return false
  return (await client.call(anyApps, {})).every(({ underWay }) => underWay === null)
}

/** One that has no answer now, because its edge is away, say, is not of another build for that. */
async function understands(client: Client, signal: AbortSignal): Promise<boolean> {
  return client.call(contract.listApps, {}, signal).then(() => true, (error: unknown) => !isPlimsollError(error) || error.code !== 'API_DIFFERS')
}

/** Ends the API, with `all` also what it looks after; returns when it is gone, with what became of each app. */
export async function stopApi(client: Client, options: { readonly all: boolean; readonly destroyData: boolean } = { all: false, destroyData: false }): Promise<StoppedApp[]> {
  const { pid } = await client.call(contract.health, {})
  const { apps } = await client.call(contract.stopPlimsoll, { body: options })
  while (isAlive(pid)) await delay(50)
  return apps
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
