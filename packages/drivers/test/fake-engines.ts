import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDockerEngine, type DockerEngine } from '../src/docker-engine/docker-engine.ts'

export interface FakeEngines {
  /** An engine on a socket of its own that speaks this version, or none, and answers everything else by `listener`. It ends with the test. */
  serve(version: string | undefined, listener?: RequestListener): Promise<DockerEngine>
  /** Where a test may have sockets. */
  directory(): string
}

type Hook = (work: () => Promise<void>) => void

export function fakeEngines({ beforeEach, afterEach }: { readonly beforeEach: Hook; readonly afterEach: Hook }): FakeEngines {
  let directory = ''
  let servers: Server[] = []
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'plimsoll-engine-'))
    servers = []
  })
  afterEach(async () => {
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    await rm(directory, { recursive: true })
  })
  return {
    directory: () => directory,
    async serve(version, listener = (_, response) => response.end()) {
      const path = join(directory, `${servers.length}.sock`)
      const server = createServer((request, response) => {
        if (version !== undefined) response.setHeader('api-version', version)
        if (request.url === '/_ping') response.end('OK')
        else listener(request, response)
      })
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(path, resolve))
      return openDockerEngine({ via: 'socket', path })
    },
  }
}
