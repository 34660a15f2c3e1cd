import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const servers: Server[] = []
const directories: string[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true })
})

/** Answers on a port of its own until the test ends. */
export async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A port that was just given back. */
export async function closedPort(): Promise<number> {
  const port = await serve(() => undefined)
  await new Promise((resolve) => servers.pop()?.close(resolve))
  return port
}

/** An empty directory, gone after the test. */
export async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'verify-'))
  directories.push(directory)
  return directory
}

/** Files of an app with a Next.js build that has these pages. */
export async function nextBuild(appPaths: Record<string, string>, dynamicRoutes: readonly { page: string; regex: string }[] = []): Promise<string> {
  const files = await temporary()
  const build = join(files, 'apps/web/.next')
  await mkdir(build, { recursive: true })
  await writeFile(join(build, 'BUILD_ID'), 'x')
  await writeFile(join(build, 'app-path-routes-manifest.json'), JSON.stringify(appPaths))
  await writeFile(join(build, 'routes-manifest.json'), JSON.stringify({ version: 3, dynamicRoutes }))
  return files
}
