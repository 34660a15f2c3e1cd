import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inOrder, readComposeFile, type BuildClient, type ComposeService } from '@plimsoll/drivers/stand-in'
import { pause } from '../load/pause.ts'

const run = promisify(execFile)

export interface ComposeRun {
  readonly directory: string
  /** Names everything that is made. */
  readonly project: string
  readonly client: BuildClient
  /** What stands in for images that cannot be pulled, by their names in the file. */
  readonly images: Readonly<Record<string, string>>
  /** Given to every build. */
  readonly args: Readonly<Record<string, string>>
}

export interface RunningCompose {
  /** `http://127.0.0.1:PORT` of a service, by its name. */
  readonly urls: Readonly<Record<string, string>>
  /** Removes all of it. */
  remove(): Promise<void>
}

/** A container becomes healthy, or ends, within this. */
const patienceMs = 120_000

/**
 * Does what `docker compose up --build --wait` would do with the `compose.yaml` of a directory, on an engine without Compose: a network, images, volumes and containers, each after what it waits
 * for. Ports of this machine are free ones. Throws at whatever the file has that is not known here, and removes what it made.
 */
export async function runCompose(wish: ComposeRun): Promise<RunningCompose> {
  const { directory, project, client, images, args } = wish
  const file = readComposeFile(join(directory, 'compose.yaml'), {})
  const docker = async (...words: readonly string[]): Promise<string> => (await run(client.program, words, { env: client.environment, maxBuffer: 64 * 1024 * 1024 })).stdout.trim()
  const built = Object.entries(file.services).filter(([, { build }]) => build !== undefined).map(([name]) => name)
  const remove = async (): Promise<void> => {
    const made = (await docker('ps', '--all', '--quiet', '--filter', `label=project=${project}`)).split('\n').filter(Boolean)
    if (made.length > 0) await docker('rm', '--force', '--volumes', ...made)
    await docker('network', 'rm', project).catch(() => 'it was not made')
    for (const volume of Object.keys(file.volumes)) await docker('volume', 'rm', `${project}-${volume}`).catch(() => 'it was not made')
    for (const name of built) await docker('rmi', `${project}-${name}`).catch(() => 'it was not made')
  }
  const build = (name: string, { context, dockerfile, args: own }: NonNullable<ComposeService['build']>): Promise<string> =>
    docker('build', ...(client.viaBuildx ? ['--load'] : []), '--file', join(directory, dockerfile), '--tag', `${project}-${name}`, ...Object.entries({ ...own, ...args }).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]), join(directory, context))
  const start = async (name: string, service: ComposeService): Promise<void> => {
    if (service.build !== undefined) await build(name, service.build)
    const image = service.build === undefined ? images[service.image ?? ''] : `${project}-${name}`
    if (image === undefined) throw new Error(`nothing stands in for ${service.image}`)
    await docker('run', '--detach', ...optionsOf({ name, project }, service), image, ...service.command)
    const awaited = Object.values(file.services).map(({ depends_on: needs }) => needs[name]?.condition)
    const container = `${project}-${name}`
    if (awaited.includes('service_completed_successfully')) return succeeded(docker, container)
    // What has no health check of its own, nor from its image, has nothing to wait for.
    if (awaited.includes('service_healthy') || (await docker('inspect', '--format', '{{if .State.Health}}yes{{end}}', container)) === 'yes') await healthy(docker, container)
  }
  try {
    await docker('network', 'create', '--label', `project=${project}`, project)
    const ordered = inOrder(file)
    for (const [name, service] of ordered) await start(name, service)
    const urls = ordered.flatMap(([name, { ports }]) => ports.map(async (port) => [name, await urlOf(docker, `${project}-${name}`, port)] as const))
    return { urls: Object.fromEntries(await Promise.all(urls)), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

function optionsOf({ name, project }: { readonly name: string; readonly project: string }, { environment, ports, volumes, init, healthcheck }: ComposeService): string[] {
  const health = healthcheck === undefined ? [] : 'disable' in healthcheck ? ['--no-healthcheck'] : ['--health-cmd', healthcheck.test.slice(1).join(' '), '--health-interval', healthcheck.interval, '--health-timeout', healthcheck.timeout, '--health-retries', String(healthcheck.retries)]
  return [
    '--name', `${project}-${name}`, '--label', `project=${project}`, '--network', project, '--network-alias', name, ...(init ? ['--init'] : []), ...health,
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...ports.flatMap((port) => ['--publish', `127.0.0.1::${innerOf(port)}`]),
    ...volumes.flatMap((volume) => ['--volume', `${project}-${volume}`]),
  ]
}

function innerOf(port: string): string {
  return port.split(':').at(-1) ?? ''
}

type Docker = (...words: readonly string[]) => Promise<string>

async function urlOf(docker: Docker, container: string, port: string): Promise<string> {
  return `http://${await docker('port', container, innerOf(port))}`
}

async function succeeded(docker: Docker, container: string): Promise<void> {
  const code = await docker('wait', container)
  if (code !== '0') throw new Error(`${container} ended with ${code}:\n${await docker('logs', container)}`)
}

async function healthy(docker: Docker, container: string): Promise<void> {
  for (const until = Date.now() + patienceMs; ; await pause(200)) {
    const state = await docker('inspect', '--format', '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}', container)
    if (state === 'running healthy') return
    if (Date.now() > until || state.startsWith('exited')) throw new Error(`${container} is ${state}:\n${await docker('logs', '--tail', '40', container)}\n${await docker('inspect', '--format', '{{json .State.Health}}', container)}`)
  }
}
