/** What the CLI sees of the machine. */
export interface Surface {
  readonly environment: NodeJS.ProcessEnv
  /** Absolute; relative arguments are taken from here. */
  readonly directory: string
  readonly input: NodeJS.ReadStream
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}

/** A Plimsoll on another machine, and the token that it knows this command by. */
export interface Server {
  readonly url: string
  readonly token: string
}

/** What every command is given. */
export interface Session extends Surface {
  /** The Plimsoll that is meant, if it is not that of this machine; with `at` the one there, whatever the command says. Throws `USAGE` for one that cannot be asked. */
  server(at?: string): Server | undefined
  /** Fires at the first Ctrl-C, with an `INTERRUPTED` for its reason. */
  readonly interrupted: AbortSignal
  /** What a second Ctrl-C says before it ends the command at once; the last text given holds. */
  partWith(words: string): void
  /** Sets the exit status without an error: a release that was undone is an answer, not a failure of the CLI. */
  exitWith(status: number): void
}
