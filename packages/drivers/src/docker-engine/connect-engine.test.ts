import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDockerEngine } from './docker-engine.ts'
import type { EngineAddress } from './engine-address.ts'

const never = new AbortController().signal
const info = { path: '/info', to: 'say what it is' }

const path = process.env['PATH']
let directory: string
let servers: (Server & { closeAllConnections(): void })[]
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-connect-'))
  servers = []
})
afterEach(async () => {
  process.env['PATH'] = path
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  rmSync(directory, { recursive: true })
})

const engine: RequestListener = ({ socket }, response) => response.setHeader('api-version', '1.41').end(String(socket.remotePort))

function listen(server: Server & { closeAllConnections(): void }, at: string | number): Promise<number> {
  servers.push(server)
  return new Promise((resolve) => server.listen(typeof at === 'string' ? { path: at } : { port: at, host: '127.0.0.1' }, () => resolve((server.address() as AddressInfo).port)))
}

/** A certificate for 127.0.0.1 that vouches for itself, and for whoever holds its key. */
function certify(): { readonly cert: string; readonly key: string } {
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-subj', '/CN=engine', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'], { stdio: 'ignore' })
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

test('an engine behind TLS answers whoever has a certificate, and is believed only by its own', async () => {
  const own = certify()
  const port = await listen(createTlsServer({ ...own, ca: own.cert, requestCert: true, rejectUnauthorized: true }, engine), 0)
  const at = (tls: Extract<EngineAddress, { via: 'tcp' }>['tls']): EngineAddress => ({ via: 'tcp', host: '127.0.0.1', port, ...(tls && { tls }) })
  expect(await openDockerEngine(at({ directory: '/', verify: true, ca: own.cert, ...own })).call(info, never)).toMatchObject({ status: 200 })
  await expect(openDockerEngine(at({ directory: '/', verify: true, ca: own.cert })).call(info, never)).rejects.toMatchObject({ code: 'ENGINE_DOWN' })
  await expect(openDockerEngine(at({ directory: '/', verify: true, ...own })).call(info, never)).rejects.toMatchObject({ code: 'ENGINE_DOWN', message: expect.stringContaining('self-signed certificate') })
  await expect(openDockerEngine(at(undefined)).call(info, never)).rejects.toMatchObject({ code: 'ENGINE_DOWN' })
})

test('a connection to another machine is used again, and made anew when it has ended meanwhile', async () => {
  const server = createServer(engine)
  const port = await listen(server, 0)
  const remote = openDockerEngine({ via: 'tcp', host: '127.0.0.1', port })
  const first = await remote.call(info, never)
  expect(await remote.call(info, never)).toEqual(first)
  server.closeAllConnections()
  expect((await remote.call(info, never)).status).toBe(200)
})

/** A program in the place of OpenSSH: notes its arguments, and leads to a socket of this machine. */
function placeSsh(lines: string): void {
  writeFileSync(join(directory, 'ssh'), `#!${process.execPath}\nrequire('node:fs').appendFileSync('${directory}/calls', JSON.stringify(process.argv.slice(2)) + '\\n')\n${lines}\n`, { mode: 0o755 })
  process.env['PATH'] = `${directory}:${path}`
}

test('an engine behind SSH is reached by the Docker client of its machine, over one connection', async () => {
  const socket = join(directory, 'engine.sock')
  await listen(createServer(engine), socket)
  placeSsh(`const line = require('node:net').connect('${socket}')\nprocess.stdin.pipe(line).pipe(process.stdout)`)
  const remote = openDockerEngine({ via: 'ssh', host: 'shop', user: 'deploy', port: 2222 })
  for (const _ of [1, 2, 3]) expect(await remote.call(info, never)).toMatchObject({ status: 200 })
  const calls = readFileSync(join(directory, 'calls'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as string[])
  expect(calls).toEqual([['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-l', 'deploy', '-p', '2222', '--', 'shop', 'docker', 'system', 'dial-stdio']])
})

test('what OpenSSH complains of is in the message', async () => {
  placeSsh("process.stderr.write('deploy@shop: Permission denied (publickey).\\n')\nprocess.exitCode = 255")
  await expect(openDockerEngine({ via: 'ssh', host: 'shop', user: 'deploy' }).call(info, never)).rejects.toMatchObject({
    code: 'ENGINE_DOWN', message: 'No Docker engine answers at ssh://deploy@shop (deploy@shop: Permission denied (publickey).)',
    hint: 'This has to answer without a question: ssh deploy@shop docker version',
  })
})
