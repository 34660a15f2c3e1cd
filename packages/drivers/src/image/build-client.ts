import { execFile } from 'node:child_process'
import { accessSync, constants, realpathSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { PlimsollError } from '@plimsoll/model'
import { clientEnvironment, type EngineAddress } from '../docker-engine/engine-address.ts'

const run = promisify(execFile)

/** A docker program of this machine that can drive BuildKit. */
export interface BuildClient {
  readonly program: string
  /** All that it gets to see. */
  readonly environment: Readonly<Record<string, string>>
  /** Of buildx, whose builders may keep what they have built for themselves. */
  readonly viaBuildx: boolean
}

/** What a client needs to find its registries' credentials. */
const taken = [
  'PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'DOCKER_CONFIG', 'SSH_AUTH_SOCK', 'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'BUILDX_BUILDER', 'BUILDX_CONFIG',
]

/** Clients up to this major version drive BuildKit by themselves; later ones leave it to buildx. */
const lastWithBuildKit = 22

/**
 * The first docker on PATH that can drive BuildKit: one with buildx, or one that is old enough to need none. It will build on `engine`,
 * whatever its own settings say: an image must come to be where it is looked for. Asks no engine. Throws `TOOL_MISSING`.
 */
export async function findBuildClient(machine: Readonly<Record<string, string | undefined>>, engine: EngineAddress, signal: AbortSignal): Promise<BuildClient> {
  const environment = {
    ...clientEnvironment(engine),
    ...Object.fromEntries(taken.flatMap((name) => (machine[name] === undefined ? [] : [[name, machine[name]]]))),
    DOCKER_BUILDKIT: '1',
    // An attestation holds the time of its build, and makes the image an index of two.
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
  }
  const programs = programsOf(machine['PATH'] ?? '/usr/local/bin:/usr/bin:/bin')
  for (const program of programs) {
    const ask = (...args: string[]) => run(program, args, { env: environment, signal }).then(({ stdout }) => stdout.trim(), () => undefined)
    if ((await ask('buildx', 'version')) !== undefined) return { program, environment, viaBuildx: true }
    const major = /version (\d+)\./.exec((await ask('--version')) ?? '')?.[1]
    if (major !== undefined && Number(major) <= lastWithBuildKit) return { program, environment, viaBuildx: false }
    signal.throwIfAborted()
  }
  throw programs.length === 0
    ? new PlimsollError('TOOL_MISSING', 'There is no docker on PATH, and images are built with it', { hint: 'Install it, e.g. apt-get install docker.io' })
    : new PlimsollError('TOOL_MISSING', `${programs.join(' and ')} cannot drive BuildKit, because buildx is not installed`, { hint: 'Install it, e.g. apt-get install docker-buildx (or docker-buildx-plugin)' })
}

function programsOf(searchPath: string): string[] {
  const found = searchPath.split(':').map((directory) => path.join(directory, 'docker')).filter(canRun)
  const seen = new Set<string>()
  return found.filter((program) => {
    const real = realpathSync(program)
    return seen.has(real) ? false : seen.add(real)
  })
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us.
    return false
  }
}
