import type { Address } from '@plimsoll/model'

/** Asks an instance whether it is there. A refusal is an answer, not a throw. */
export interface Probe {
  /** GET `path`; healthy is 2xx or 3xx (as Render counts). Gives up after `timeoutMs`. */
  http(address: Address, path: string, options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult>
  /** Opens a connection and closes it again. */
  tcp(address: Address, options: ProbeOptions, signal: AbortSignal): Promise<ProbeResult>
}

export interface ProbeOptions {
  readonly timeoutMs: number
  /** Value of the Host header, as the edge would send it. */
  readonly host?: string | undefined
}

export type ProbeResult =
  | { readonly is: 'healthy'; readonly status?: number }
  | { readonly is: 'unhealthy'; readonly status: number; readonly body: string }
  /** `refused`, `timeout`, `reset` or the system's error code. */
  | { readonly is: 'unreachable'; readonly reason: string }
