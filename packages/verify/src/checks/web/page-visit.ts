import type { Evidence, ServiceName } from '@plimsoll/model'

/** One page as a visitor with a browser saw it. */
export interface PageVisit {
  readonly service: ServiceName
  /** Path and query that were asked for. */
  readonly path: string
  /** Undefined where there was no page to look at: `problem` says why. */
  readonly status: number | undefined
  readonly problem?: string
  readonly title: string
  /** What a visitor can read; the first of it. */
  readonly text: string
  /** Where there is neither text nor a picture: on the whole page, or in the one part that it calls its main one. */
  readonly emptiness: 'page' | 'main part' | undefined
  /** Own addresses that the page links to once its scripts have run. */
  readonly links: readonly string[]
  /** Errors of the console and uncaught exceptions, but for those that tell of a request. */
  readonly errors: readonly string[]
  /** Requests of the app's own that failed or were answered with an error, each with why. */
  readonly requests: readonly PageRequest[]
  /** Origins of others, from which the page was kept. */
  readonly thirdParties: readonly string[]
  /** Whether a script or its calls were among what it was kept from: then it may lack what others define. */
  readonly lacksScripts: boolean
  /** What axe has found. */
  readonly barriers: readonly string[]
  /** Wide and narrow. */
  readonly pictures: readonly Evidence[]
  /** Console and network, in the order in which it came. */
  readonly log: readonly string[]
}

export interface PageRequest {
  readonly method: string
  readonly url: string
  readonly kind: string
  readonly why: string
  readonly status?: number
}
