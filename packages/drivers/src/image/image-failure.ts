import { PlimsollError, type ServiceName } from '@plimsoll/model'
import { spaceHint } from '../build/build-failure.ts'
import type { ShellExit } from '../build/run-shell.ts'
import { unreached } from '../build/unreached.ts'

export interface FailedImage {
  readonly service: ServiceName
  /** For people: `apps/api/Dockerfile`, or whose it is. */
  readonly dockerfile: string
  readonly exit: ShellExit
  readonly log: readonly string[]
  readonly logFile: string
}

const diskFull = /\bENOSPC\b|no space left on device|disk quota exceeded/i
const noEngine = /[Cc]annot connect to the Docker daemon|permission denied while trying to connect|error during connect/
const noBuildKit = /failed to dial gRPC|unable to upgrade to h2c/
const noNetwork = /dial tcp|no such host|i\/o timeout|TLS handshake|connection refused|network is unreachable/
const untrusted = /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/

/** Says what the build of an image failed of: the engine, its disk, a base image, the network, or itself. BuildKit gives words and no codes. */
export function imageFailure({ service, dockerfile, exit, log, logFile }: FailedImage): PlimsollError {
  const last = log.slice(-50)
  const ending = exit.signal === null ? `exit status ${exit.code}` : `signal ${exit.signal}`
  const fault = faultIn(last, logFile) ?? { code: 'BUILD_FAILED', what: `the build of its image ended with ${ending} (${dockerfile})${stepIn(last)}`, hint: hintFor(last, dockerfile) }
  return new PlimsollError(fault.code, `${service}: ${fault.what}`, { hint: fault.hint, details: { service, dockerfile, exitCode: exit.code, exitSignal: exit.signal, logFile, log: last } })
}

interface Fault {
  readonly code: 'DISK_FULL' | 'ENGINE_DOWN' | 'OFFLINE' | 'BUILD_FAILED'
  readonly what: string
  readonly hint: string
}

/** What is known by more than that a step failed. */
function faultIn(log: readonly string[], logFile: string): Fault | undefined {
  const word = log.at(-1) ?? ''
  if (log.some((line) => diskFull.test(line))) return { code: 'DISK_FULL', what: 'the disk filled up while its image was built', hint: `${spaceHint(logFile)}. To have the engine give back what it can: docker builder prune` }
  if (noEngine.test(word)) return { code: 'ENGINE_DOWN', what: `the Docker engine could not be asked to build its image: ${word}`, hint: 'To see whether it answers: docker info' }
  if (noBuildKit.test(word)) return { code: 'BUILD_FAILED', what: `the engine has no BuildKit, as Podman has none: ${word}`, hint: 'Build on Docker Engine 20.10 or newer; or write the Dockerfiles (plimsoll init --docker), and build them with: podman build' }
  const base = log.map((line) => /^ > (?:\[.*\] load metadata for|resolve image config for) (\S+):$/.exec(line)?.[1]).findLast((name) => name !== undefined)
  if (base !== undefined) return baseFault(base, word)
  if (log.some((line) => untrusted.test(line))) {
    return { code: 'OFFLINE', what: 'its build does not trust the package registry: something between them has a certificate of its own', hint: 'Set NODE_EXTRA_CA_CERTS to the file of the certificates to trust, and start Plimsoll anew: builds get it as the secret "ca"' }
  }
  const host = unreached('install', log)
  return host === undefined ? undefined : { code: 'OFFLINE', what: `the build of its image could not reach ${host}`, hint: 'Nothing live was touched. Check the network, and the registry in .npmrc, then try again' }
}

function baseFault(base: string, word: string): Fault {
  const hint = `To try it alone: docker pull ${base}`
  if (noNetwork.test(word)) return { code: 'OFFLINE', what: `the base image ${base} cannot be pulled, because its registry was not reached`, hint: `Nothing live was touched. ${hint}` }
  return { code: 'BUILD_FAILED', what: `the base image ${base} cannot be pulled: ${word}`, hint: `Is its name right, and may you pull it (docker login)? ${hint}` }
}

/** The step that failed, or the line of a Dockerfile that cannot be read. */
function stepIn(log: readonly string[]): string {
  const unreadable = log.map((line) => /dockerfile parse error.*$/.exec(line)?.[0]).findLast((text) => text !== undefined)
  const step = unreadable ?? log.map((line) => /^ > (?:\[[^\]]*\] )?(.+):$/.exec(line)?.[1]).findLast((text) => text !== undefined)
  const text = step?.replaceAll(/\s+/g, ' ').replaceAll(/--mount=\S+ /g, '').trim()
  return text === undefined ? '' : `: ${text.length > longest ? `…${text.slice(-longest)}` : text}`
}

/** A step begins with preparations, and ends with what it does. */
const longest = 240

function hintFor(log: readonly string[], dockerfile: string): string {
  if (log.some((line) => line.includes('ERR_PNPM_OUTDATED_LOCKFILE'))) return 'pnpm install, then commit pnpm-lock.yaml'
  if (log.some((line) => /exit code: 137|signal: killed/.test(line))) return 'the engine probably ran out of memory: free some, or build fewer services at once'
  return `its last lines stand above; the Dockerfile is ${dockerfile}`
}
