import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface GitServer {
  /** Of the repository; what stands under `/moved` in its place is redirected there. */
  readonly url: string
  /** Every path that was asked for. */
  readonly asked: readonly string[]
  /** In the repository. */
  git(...args: readonly string[]): Promise<string>
  commit(files: Readonly<Record<string, string>>): Promise<void>
  close(): Promise<void>
}

/** A real git server over HTTP, below `directory`, for whoever knows `token`; its repository is `/repo.git`. */
export async function gitServer(directory: string, { token, path = 'repo.git', also = () => false }: { readonly token: string; readonly path?: string; /** Answers what is not git's, and says whether it does. */ readonly also?: (request: IncomingMessage, response: ServerResponse) => boolean }): Promise<GitServer> {
  const theirs = join(directory, 'served', path)
  const asked: string[] = []
  const allowed = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
  const git = async (...args: readonly string[]): Promise<string> => (await run('git', ['-c', 'user.name=A', '-c', 'user.email=a@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: theirs })).stdout.trim()
  await mkdir(theirs, { recursive: true })
  await git('init', '-q', '-b', 'main')
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (also(request, response)) return
    if (request.url?.startsWith('/moved') === true) return void response.writeHead(302, { location: request.url.replace('/moved', '/repo') }).end()
    if (request.headers.authorization !== allowed) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end()
    backend(join(directory, 'served'), request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`, asked, git,
    async commit(files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(theirs, name)), { recursive: true })
        await writeFile(join(theirs, name), text)
      }
      await git('add', '-A')
      await git('commit', '-q', '-m', `With ${Object.keys(files).join(', ')}`)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What git itself answers, by its CGI program. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://git')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'], GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: pathname, QUERY_STRING: searchParams.toString(), REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''), GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''), GIT_CONFIG_GLOBAL: '/dev/null',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(child.stdin)
  const pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  child.once('close', () => {
    const whole = Buffer.concat(pieces)
    const end = whole.indexOf('\r\n\r\n')
    const head = Object.fromEntries(whole.subarray(0, end).toString().split('\r\n').map((line) => line.split(': ') as [string, string]))
    response.writeHead(Number.parseInt(head['Status'] ?? '200', 10), { 'content-type': head['Content-Type'] ?? 'text/plain' }).end(whole.subarray(end + 4))
  })
}
