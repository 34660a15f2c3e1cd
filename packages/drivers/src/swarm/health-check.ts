import { listens, PlimsollError, type UnitSpec } from '@plimsoll/model'
import { basename } from 'node:path'
import { containerPort } from '../container/container-environment.ts'
import type { ImageFacts } from '../container/image-facts.ts'

/** As the engine has it; durations in nanoseconds. */
export interface HealthCheck {
  readonly Test: readonly string[]
  readonly Interval?: number
  readonly Timeout?: number
  readonly Retries?: number
  readonly StartPeriod?: number
}

/** For commands: a check that an image brings along is about its server, and would end them. */
export const unchecked: HealthCheck = { Test: ['NONE'] }

const second = 1e9

/**
 * How often, in nanoseconds. An engine asks first when one interval is over, so that it is short; each question starts a Node, so that it is not
 * shorter. The first good answer makes an instance ready. What does not answer in the first two minutes is slow, and afterwards broken.
 *
 * A question that is not answered gets half a minute: on a machine with too much to do it takes seconds to start the Node that asks, and a cluster that ended
 * instances for that would leave the work to fewer of them. What hangs for good is ended after two minutes, and edges have left it out after one second, by checks of their own. Who
 * says that it is unwell, or listens no more, is ended after some eight seconds.
 */
const pace = { Interval: 2 * second, Timeout: 30 * second, Retries: 4, StartPeriod: 120 * second } as const

/** Who starts by one of these has Node. */
const bringNode = new Set(['node', 'npm', 'npx', 'pnpm', 'yarn', 'corepack'])

type Image = Pick<ImageFacts, 'entrypoint' | 'command' | 'isWritten' | 'hasCheck'>

/**
 * What the cluster asks each instance, and until which it sends nobody there: its Blueprint's health path, else the check that its image brings along (for which this
 * is undefined, and the image's holds), else whether it takes connections. Throws `PLACE_CANNOT` where nothing could ask.
 */
export function healthCheckOf(spec: UnitSpec, image: Image): HealthCheck | undefined {
  if (!listens(spec.kind)) return unchecked
  const brings = image.hasCheck && !image.isWritten
  if (hasNode(spec, image) && (spec.healthCheckPath !== undefined || !brings)) return { Test: ['CMD', 'node', '-e', question(spec.healthCheckPath)], ...pace }
  if (brings) return undefined
  throw new PlimsollError('PLACE_CANNOT', `In a cluster ${spec.service} needs a check of its health, and its image has neither one nor a Node to ask with`, {
    hint: 'Write a HEALTHCHECK into its Dockerfile', details: { service: spec.service },
  })
}

function hasNode({ runtime, startCommand }: UnitSpec, { entrypoint, command, isWritten }: Image): boolean {
  const words = [...entrypoint, ...command, ...(startCommand ?? '').split(' ')]
  return isWritten || runtime === 'node' || words.some((word) => bringNode.has(basename(word)))
}

/** Ends with 0 when the instance answers well: 2xx or 3xx, as everywhere in Plimsoll. */
function question(path: string | undefined): string {
  if (path === undefined) return `require('net').connect(${containerPort},'127.0.0.1').once('connect',()=>process.exit(0)).once('error',()=>process.exit(1))`
  return `require('http').get({host:'127.0.0.1',port:${containerPort},path:${JSON.stringify(path)},agent:false},({statusCode:s})=>process.exit(s>=200&&s<400?0:1)).once('error',()=>process.exit(1))`
}
