/** What the CLI sees of the machine. */
export interface Surface {
  readonly environment: NodeJS.ProcessEnv
  /** Absolute; relative arguments are taken from here. */
  readonly directory: string
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}

/** What every command is given. */
export interface Session extends Surface {
  /** Fires at the first Ctrl-C. */
  readonly interrupted: AbortSignal
  /** Sets the exit status without an error: a release that was undone is an answer, not a failure of the CLI. */
  exitWith(status: number): void
}
