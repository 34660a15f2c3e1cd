/** What the CLI sees of the machine. */
export interface Surface {
  readonly environment: NodeJS.ProcessEnv
  /** Absolute; relative arguments are taken from here. */
  readonly directory: string
  readonly input: NodeJS.ReadStream
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}

/** What every command is given. */
export interface Session extends Surface {
  /** Fires at the first Ctrl-C, with an `INTERRUPTED` for its reason. */
  readonly interrupted: AbortSignal
  /** What a second Ctrl-C says before it ends the command at once; the last text given holds. */
  partWith(words: string): void
  /** Sets the exit status without an error: a release that was undone is an answer, not a failure of the CLI. */
  exitWith(status: number): void
}
