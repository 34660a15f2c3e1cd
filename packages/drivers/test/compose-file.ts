import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const words = z.array(z.string()).default([])

/** All that our files say, and no more: what is not known here is refused, so that nothing of a file goes untried. */
const serviceSchema = z.strictObject({
  image: z.string().optional(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string(), args: z.record(z.string(), z.string()).default({}) }).optional(),
  pull_policy: z.literal('never').optional(),
  network_mode: z.literal('host').optional(),
  command: words, environment: z.record(z.string(), z.coerce.string()).default({}),
  volumes: words, tmpfs: words, ports: words, group_add: words,
  depends_on: z.record(z.string(), z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) })).default({}),
  healthcheck: z.union([
    z.strictObject({ test: z.tuple([z.literal('CMD')], z.string()), interval: z.string(), timeout: z.string(), retries: z.number() }),
    z.strictObject({ disable: z.literal(true) }),
  ]).optional(),
  read_only: z.boolean().default(false), init: z.boolean().default(false),
  restart: z.literal('unless-stopped').optional(),
})
const fileSchema = z.looseObject({ name: z.string().optional(), services: z.record(z.string(), serviceSchema), volumes: z.record(z.string(), z.null()).default({}) })

export type ComposeService = z.infer<typeof serviceSchema>
export type ComposeFile = z.infer<typeof fileSchema>

/** Reads a file of Compose's that has variables of the form `${NAME:-otherwise}`. Throws at whatever it does not know. */
export function readComposeFile(file: string, variables: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync(file, 'utf8').replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, otherwise: string) => variables[name] ?? otherwise)
  return fileSchema.parse(parse(text, { merge: true }))
}

/** Services after those that they wait for. */
export function inOrder({ services }: ComposeFile): [string, ComposeService][] {
  const ordered = new Map<string, ComposeService>()
  const add = (name: string): void => {
    const service = services[name]
    if (service === undefined) throw new Error(`there is no service ${name}`)
    for (const each of Object.keys(service.depends_on)) if (!ordered.has(each)) add(each)
    ordered.set(name, service)
  }
  for (const name of Object.keys(services)) add(name)
  return [...ordered]
}

/** What the engine is told of a service; volumes with a name get that of the project before it. */
export function containerOf(project: string, service: ComposeService, image: string): Record<string, unknown> {
  const { healthcheck } = service
  const ports = service.ports.map((port) => /^(?<HostIp>[\d.]+):(?<HostPort>\d+):(?<inner>\d+)$/.exec(port)?.groups ?? {})
  return {
    Image: image, Labels: { project },
    Env: Object.entries(service.environment).map(([key, value]) => `${key}=${value}`),
    ...(service.command.length > 0 && { Cmd: service.command }),
    ...(healthcheck !== undefined && { Healthcheck: 'disable' in healthcheck ? { Test: ['NONE'] } : {
      Test: healthcheck.test, Interval: nanoseconds(healthcheck.interval), Timeout: nanoseconds(healthcheck.timeout), Retries: healthcheck.retries,
    } }),
    ExposedPorts: Object.fromEntries(ports.map(({ inner }) => [`${inner}/tcp`, {}])),
    HostConfig: {
      NetworkMode: service.network_mode ?? 'default', Init: service.init, ReadonlyRootfs: service.read_only, GroupAdd: service.group_add,
      RestartPolicy: { Name: service.restart ?? 'no' },
      Binds: service.volumes.map((volume) => (volume.startsWith('/') ? volume : `${project}-${volume}`)),
      Tmpfs: Object.fromEntries(service.tmpfs.map((directory) => [directory, ''])),
      PortBindings: Object.fromEntries(ports.map(({ HostIp, HostPort, inner }) => [`${inner}/tcp`, [{ HostIp, HostPort }]])),
    },
  }
}

function nanoseconds(text: string): number {
  return Number(text.replace(/s$/, '')) * 1e9
}
