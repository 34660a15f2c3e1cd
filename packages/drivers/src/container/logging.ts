/** How the engine keeps what containers print; `json-file`, `local` and `journald` can be read again. */
export interface Logging {
  readonly driver: string
  readonly options: Readonly<Record<string, string>>
}

/** Bounded, and readable again. */
export const defaultLogging: Logging = { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } }
