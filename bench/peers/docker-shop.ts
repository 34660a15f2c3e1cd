import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from './run-tool.ts'
import { environmentOf, services, type Ports, type Service } from './shop-at.ts'

const fixtures = fileURLToPath(new URL('../../e2e/fixtures', import.meta.url))
const innerPort = 3000
const inside: Ports = { api: innerPort, web: innerPort }

export interface DockerBuild {
  readonly release: number
  readonly home: string
  readonly ports: Ports
}

/** What stands in both a Compose file and a Swarm stack: one container, its health, and 30 s to end in. */
export function containerOf(service: Service, { release, home }: DockerBuild): Record<string, unknown> {
  const environment = { HOST: '0.0.0.0', SHOP_DATA: '/data', ...environmentOf(service, { release, ports: inside }) }
  return {
    image: 'node:24-slim',
    command: ['node', '/shop/shop-server.mjs'],
    init: true,
    stop_grace_period: '30s',
    environment: service === 'web' ? { ...environment, SHOP_API_ORIGIN: `http://api:${innerPort}` } : environment,
    volumes: [`${fixtures}:/shop:ro`, `${join(home, 'shop-data')}:/data`],
    healthcheck: {
      test: ['CMD', 'node', '-e', `fetch('http://127.0.0.1:${innerPort}/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`],
      interval: '1s',
      timeout: '5s',
      retries: 10,
    },
  }
}

/** Writes the file (JSON is YAML) and gives its path. */
export async function writeStack(build: DockerBuild, of: (service: Service, build: DockerBuild) => Record<string, unknown>): Promise<string> {
  await mkdir(join(build.home, 'shop-data'), { recursive: true })
  const file = join(build.home, 'stack.json')
  await writeFile(file, JSON.stringify({ services: Object.fromEntries(services.map((service) => [service, of(service, build)])) }, null, 2))
  return file
}

/** The port of a container, published on `published`. */
export function publishedAs(published: string): { ports: string[] } {
  return { ports: [`${published}:${innerPort}`] }
}

export async function docker(home: string, ...args: readonly string[]): Promise<string> {
  return runTool('docker', args, { cwd: home })
}

/** Why Docker cannot be asked for this (`no Docker Engine`); undefined when `question` is answered with something that `suits`. */
export async function whyNoDocker(question: readonly string[], { suits, otherwise }: { readonly suits: (answer: string) => boolean; readonly otherwise: string }): Promise<string | undefined> {
  try {
    await docker('/', 'info', '--format', '{{.ServerVersion}}')
  } catch {
    return 'no Docker Engine'
  }
  try {
    return suits((await docker('/', ...question)).trim()) ? undefined : otherwise
  } catch {
    return otherwise
  }
}
