import type { ServiceName } from '@plimsoll/model'
import type { BuildLog } from '../build/build-log.ts'
import { runProgram } from '../build/run-shell.ts'
import type { BuildClient } from './build-client.ts'
import type { BuildSecrets } from './build-secrets.ts'
import { imageFailure } from './image-failure.ts'

export interface ImageBuild {
  readonly service: ServiceName
  readonly client: BuildClient
  /** Absolute. */
  readonly dockerfile: string
  /** Absolute. */
  readonly context: string
  /** The name that the image gets. */
  readonly tag: string
  readonly args: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly secrets: BuildSecrets
  /** Builds every step again. */
  readonly noCache: boolean
  readonly log: BuildLog
}

/**
 * Has the engine build an image, and tells its output line by line. When `signal` fires, the build is given up before the promise
 * rejects. Throws what {@link imageFailure} makes of a build that fails.
 */
export async function runImageBuild(build: ImageBuild, signal: AbortSignal): Promise<void> {
  const { client, context, log } = build
  const exit = await runProgram({ program: client.program, args: argsOf(build), cwd: context, environment: client.environment, onLine: (text) => void tellOn(log, text) }, signal)
  if (exit.code !== 0) throw imageFailure({ service: build.service, dockerfile: build.dockerfile, exit, log: log.last(), logFile: log.file })
}

function argsOf({ client, dockerfile, context, tag, args, labels, secrets, noCache }: ImageBuild): string[] {
  const pairs = (flag: string, values: Readonly<Record<string, string>>) => Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
  return [
    'build', '--progress', 'plain', '--file', dockerfile, '--tag', tag, ...(noCache ? ['--no-cache'] : []), ...(client.viaBuildx ? ['--load'] : []),
    ...pairs('--build-arg', args), ...pairs('--label', labels), ...secrets.mounts.flatMap(({ id, file }) => ['--secret', `id=${id},src=${file}`]), context,
  ]
}

/** BuildKit numbers its steps and times every line; names of layers and times of steps tell a reader nothing. */
function tellOn(log: BuildLog, text: string): void {
  const plain = text.replace(/^#\d+ (?:\d+\.\d+(?: |$))?/, '')
  if (plain.trim() === '' || /^(?:sha256:\w+( |$)|DONE |CACHED$|transferring |exporting |writing image |naming to |resolve )/.test(plain)) return
  log.line(plain)
}
