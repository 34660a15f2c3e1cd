import { mkdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ensureEdge, stopEdge, type EdgeProcess } from '@plimsoll/edge'
import { givenKeys, keyFile, openStore, startPostgres, type EmbeddedPostgres, type KeySource, type Store } from '@plimsoll/store'
import type { Config } from './config.ts'
import { homeId } from './home-id.ts'

/** What everything else stands on: processes of their own, which were running before or have been started now. */
export interface GroundFloor {
  /** The embedded server; undefined where `DATABASE_URL` names another one. */
  readonly postgres: EmbeddedPostgres | undefined
  readonly store: Store
  readonly edge: Pick<EdgeProcess, 'controlSocket'>
  /** Lets go of it; edge and database server run on. */
  readonly close: () => Promise<void>
}

/** How long something that was just started may take to end again. */
const takeBackMs = 30_000

/** Brings up the edge and the database. When one of them fails, what was started for it ends again; what ran before runs on. Throws the first failure. */
export async function layGroundFloor(config: Config, signal: AbortSignal): Promise<GroundFloor> {
  await mkdir(config.home, { recursive: true, mode: 0o700 })
  const [edge, postgres] = await Promise.allSettled([
    ensureEdge({ home: config.home, port: config.edgePort, haproxy: config.haproxy }, signal),
    config.databaseUrl === undefined ? startPostgres({ home: config.home }, signal) : undefined,
  ])
  try {
    if (postgres.status === 'rejected') throw postgres.reason
    if (edge.status === 'rejected') throw edge.reason
    const server = postgres.value
    const store = await openStateOf(config, server)
    const close = async (): Promise<void> => {
      await store.close()
      server?.detach()
    }
    return { postgres: server, store, edge: edge.value, close }
  } catch (error) {
    const limit = AbortSignal.timeout(takeBackMs)
    if (edge.status === 'fulfilled' && edge.value.started) await stopEdge({ home: config.home }, limit)
    if (postgres.status === 'fulfilled' && postgres.value?.how !== 'adopted') await postgres.value?.stop(limit)
    throw error
  }
}

/** The embedded server is this home's alone; a database elsewhere may be meant for another one. */
async function openStateOf(config: Config, server: EmbeddedPostgres | undefined): Promise<Store> {
  const { home, databaseUrl } = config
  const store = await openStore({ connection: server?.connection ?? { connectionString: databaseUrl ?? '' }, keys: keysOf(config) })
  try {
    if (server === undefined) await store.claim({ id: await homeId(home), place: `${hostname()}:${home}` })
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** A file of the home, unless whoever set this Plimsoll up looks after its keys. */
export function keysOf({ home, secretKey }: Pick<Config, 'home' | 'secretKey'>): KeySource {
  if (secretKey === undefined) return keyFile(join(home, 'secret-key'))
  return 'file' in secretKey ? givenKeys(secretKey.file, () => readFile(secretKey.file, 'utf8')) : givenKeys('PLIMSOLL_SECRET_KEY', async () => secretKey.text)
}
