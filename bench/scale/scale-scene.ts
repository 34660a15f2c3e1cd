import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchApi } from '../../apps/api/src/launch-api.ts'
import { builtConsole, startConsole, type RunningConsole } from '../../apps/console/test/start-console.ts'
import { endAllLeft } from '../../e2e/src/leaks/end-all-left.ts'
import { leftBehind } from '../../e2e/src/leaks/left-behind.ts'
import { freePorts } from '../../e2e/src/plimsoll/free-ports.ts'
import { createClient, readEndpoint, type Client } from '../../packages/client/src/client.ts'
import { contract } from '../../packages/model/src/model.ts'
import { keyFile, openStore, startPostgres, type Connection } from '../../packages/store/src/store.ts'
import { fillState } from '../../packages/store/test/fill-state.ts'
import { serveApps } from './serve-apps.ts'
import { appNames, releasesOf, rootOf, sizes, verificationsOf } from './sizes.ts'
import { typicalRelease } from './typical-release.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const never = new AbortController().signal

/** A Plimsoll that has been in use for years, with its API and its console. */
export interface ScaleScene {
  readonly ground: string
  readonly home: string
  readonly connection: Connection
  readonly client: Client
  readonly apiUrl: string
  readonly token: string
  readonly apiPid: number
  readonly console: RunningConsole
  /** Of the owner of the machine, as a browser has it. */
  readonly session: string
  /** How long it took to write all of the state. */
  readonly filledInSeconds: number
  /** Ends the API, and leaves all else as it is. */
  endApi(): Promise<void>
  /** Stops everything, removes all of it, and gives the commands of what had not stopped. */
  leave(): Promise<string[]>
}

export async function createScaleScene(): Promise<ScaleScene> {
  await builtConsole()
  const ground = await mkdtemp(join(tmpdir(), 'ps-'))
  // The embedded database runs as another user when this runs as root, and must get through.
  await chmod(ground, 0o755)
  const home = join(ground, 'home')
  await mkdir(home)
  await chmod(home, 0o755)
  const postgres = await startPostgres({ home }, never)
  try {
    const [edgePort, entryPorts] = [await freePorts(1), await freePorts(appNames.length * 2)]
    const files = join(ground, 'artifact')
    await mkdir(files)
    await writeFile(join(files, 'main.js'), '')
    const typical = typicalRelease({ blueprint: await readFile(join(repository, 'examples/storefront/render.yaml'), 'utf8'), files, rows: sizes.rowsOfEach })
    const began = performance.now()
    await (await openStore({ connection: postgres.connection, keys: keyFile(join(home, 'secret-key')) })).close()
    const apps = appNames.map((name) => ({ name, root: rootOf(name), releases: releasesOf(name), verifications: verificationsOf(name) }))
    await fillState({ connection: postgres.connection, apps, entries: typical.entries, ...sizes })
    const filledInSeconds = (performance.now() - began) / 1_000
    await serveApps({ home, edgePort, entryPorts, typical })
    const { DATABASE_URL: _, ...environment } = process.env
    const loudPorts = await freePorts(20)
    const launch = async (): Promise<void> => launchApi({ home, environment: { ...environment, PLIMSOLL_EDGE_PORT: String(edgePort), PLIMSOLL_ENTRY_PORTS: String(loudPorts), PLIMSOLL_WARM_MS: '86400000' } }, never)
    await launch()
    const { url, token, pid } = await readEndpoint(home)
    const client = createClient({ baseUrl: url, token })
    const { code } = await client.call(contract.makeLink, {})
    const { token: session } = await client.call(contract.enter, { body: { code } })
    const running = await startConsole({ PLIMSOLL_API_URL: url })
    const endApi = async (): Promise<void> => {
      await client.call(contract.stopPlimsoll, { body: { all: false, destroyData: false } })
      while ((await leftBehind(home)).some(({ pid: each }) => each === pid)) await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const leave = async (): Promise<string[]> => {
      await running.close()
      // It may have ended already, and what it runs goes down with it only if it is there.
      await launch()
      await createClient({ baseUrl: (await readEndpoint(home)).url, token }).call(contract.stopPlimsoll, { body: { all: true, destroyData: false } })
      for (let waited = 0; waited < 300 && (await leftBehind(home)).length > 0; waited += 1) await new Promise((resolve) => setTimeout(resolve, 100))
      return end()
    }
    return { ground, home, connection: postgres.connection, client, apiUrl: url, token, apiPid: pid, console: running, session, filledInSeconds, endApi, leave }
  } catch (error) {
    await end()
    throw error
  }

  async function end(): Promise<string[]> {
    await postgres.stop(never)
    const left = await endAllLeft(home)
    await rm(ground, { recursive: true, force: true, maxRetries: 3 })
    return left.map(({ command }) => command)
  }
}
