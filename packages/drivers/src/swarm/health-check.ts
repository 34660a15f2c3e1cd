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
  /** In the place of `Interval` until the first good answer; engines before 25 do not know it. */
  readonly StartInterval?: number
}

/** For commands: a check that an image brings along is about its server, and would end them. */
export const unchecked: HealthCheck = { Test: ['NONE'] }

const second = 1e9

/** How often every machine of a cluster can have an instance asked; see `paceOfCluster`. */
export interface Pace {
  /** Whether each of their engines asks one that starts more often than one that is ready. */
  readonly hasStart: boolean
}

/**
 * In nanoseconds. An engine asks first when one interval is over, and the first good answer makes an instance ready: so until then it is short. Each question starts a Node, and
 * takes some 95 ms of a processor, most of it the engine's own: so afterwards it is as long as can be borne, where engines know the two apart. Those from 25 on wait 5 or 30 s
 * for the first question unless they are told `StartInterval`; those before do not read it.
 *
 * What does not answer in the first two minutes is slow, and afterwards broken. A question that is not answered gets half a minute: on a machine with too much to do it takes seconds to
 * start the Node that asks, and a cluster that ended instances for that would leave the work to fewer of them. What hangs for good is ended after two minutes, and edges have left it
 * out after one second, by checks of their own. Who says that it is unwell, or listens no more, is ended after some eight seconds, and where it is asked less often after some thirty.
 */
const always = { Timeout: 30 * second, StartPeriod: 120 * second, StartInterval: 2 * second } as const
const paceOf = ({ hasStart }: Pace) => (hasStart ? { ...always, Interval: 10 * second, Retries: 3 } : { ...always, Interval: 2 * second, Retries: 4 })

/** Who starts by one of these has Node. */
const bringNode = new Set(['node', 'npm', 'npx', 'pnpm', 'yarn', 'corepack'])

type Image = Pick<ImageFacts, 'entrypoint' | 'command' | 'isWritten' | 'hasCheck'>

/**
 * What the cluster asks each instance, and until which it sends nobody there: its Blueprint's health path, else the check that its image brings along (for which this
 * is undefined, and the image's holds), else whether it takes connections. Throws `PLACE_CANNOT` where nothing could ask.
 */
export function healthCheckOf(spec: UnitSpec, image: Image, pace: Pace): HealthCheck | undefined {
  if (!listens(spec.kind)) return unchecked
  const brings = image.hasCheck && !image.isWritten
  if (hasNode(spec, image) && (spec.healthCheckPath !== undefined || !brings)) return { Test: ['CMD', 'node', '-e', question(spec.healthCheckPath)], ...paceOf(pace) }
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
