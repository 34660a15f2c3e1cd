import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'

export interface Caddy {
  /** The certificate of its own authority, as PEM. */
  readonly ca: string
  stop(): Promise<void>
}

const isRequired = (process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('caddy')

/** Why this machine has no Caddy; undefined where it has. Throws where PLIMSOLL_REQUIRE says that it must. */
export function whyNoCaddy(): string | undefined {
  try {
    execFileSync('caddy', ['version'], { stdio: 'ignore' })
    return undefined
  } catch (error) {
    if (isRequired) throw new Error('PLIMSOLL_REQUIRE asks for caddy, and there is none', { cause: error })
    return 'skipped: no Caddy'
  }
}

/** What the administrator of this Caddy wrote above our sites: nothing of it leaves `home`, and no port is taken but theirs. */
const global = (home: string): string => `{
	admin off
	auto_https disable_redirects
	skip_install_trust
	storage file_system ${home}/caddy
}

`

/** Starts Caddy with these sites and resolves when it answers on `port` and has made its authority. It is never reloaded. */
export async function startCaddy({ home, sites, port }: { readonly home: string; readonly sites: string; readonly port: number }): Promise<Caddy> {
  const file = join(home, 'Caddyfile')
  await mkdir(join(home, 'caddy'), { recursive: true })
  await writeFile(file, global(home) + sites)
  const log = await open(join(home, 'caddy.log'), 'a')
  const child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { stdio: ['ignore', log.fd, log.fd], env: { PATH: process.env['PATH'], HOME: home } })
  await log.close()
  const authority = join(home, 'caddy/pki/authorities/local/root.crt')
  await until(child, home, async () => existsSync(authority) && (await answers(port)))
  return {
    ca: await readFile(authority, 'utf8'),
    async stop() {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

async function until(child: ChildProcess, home: string, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    if (child.exitCode !== null) throw new Error(`Caddy ended: ${readFileSync(join(home, 'caddy.log'), 'utf8')}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  const met = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false)
  socket.destroy()
  return met
}
