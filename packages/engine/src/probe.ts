import type { Address } from '@plimsoll/model'

/** Asks an instance whether it is there. A refusal is an answer, not a throw. */
export interface Probe {
  /** GET `path`; healthy is 2xx or 3xx (as Render counts). Gives up after `timeoutMs`. */
  http(question: ProbeQuestion & { readonly path: string }, signal: AbortSignal): Promise<ProbeResult>
  /** Opens a connection and closes it again. */
  tcp(question: ProbeQuestion, signal: AbortSignal): Promise<ProbeResult>
}

export interface ProbeQuestion {
  readonly address: Address
  readonly timeoutMs: number
}

export type ProbeResult =
  | { readonly is: 'healthy'; readonly status?: number }
  | { readonly is: 'unhealthy'; readonly status: number; readonly body: string }
  /** `refused`, `timeout`, `reset` or the system's error code. */
  | { readonly is: 'unreachable'; readonly reason: string }

/** Whether somebody else than Plimsoll could open a connection. `unknown` where the place could not have it tried. */
export type Reach = ProbeResult | { readonly is: 'unknown'; readonly because: string }
