import type { ExecRequest, ExecResult } from '@plimsoll/engine'
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { endProcesses } from './end-processes.ts'
import { launch, type Exit, type Launched } from './launch.ts'
import { withLock } from './lock.ts'
import { LogReader, rotate, defaultRotation } from './log-file.ts'
import { logLine } from './log-lines.ts'
import { findMarked } from './markers.ts'
import { lockName, logsDirectory, scratchPath } from './place.ts'
import { readUnit } from './records.ts'
import type { Marker } from './running.ts'
import { copyDirectory, prepareUnit, type Yard } from './start-unit.ts'
import { homeDirectory, shellCommand, temporaryDirectory, unitEnvironment } from './unit-environment.ts'
import { ensureWorkingCopy, workDirectory } from './working-copy.ts'

const keptLines = 50
const pollMs = 50
/** Between SIGTERM and SIGKILL for a command that is not wanted any more. */
const abortGraceMs = 2_000

/**
 * Runs one command to its end. Like an instance it writes straight into a file, so that a migration is not
 * torn apart by a broken pipe when Plimsoll dies; what such a death left running is ended before the next
 * command of the same unit begins, and two never run at once.
 */
export async function execCommand(yard: Yard, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
  const lock = { name: lockName(yard.place, `exec/${request.app}/${request.unit.name}`), clock: yard.clock }
  return withLock(lock, async () => {
    // Nobody else holds the lock, so that whatever still runs as a command of this unit has lost its owner.
    await endCommands(yard, ({ app, unit }) => app === request.app && unit?.name === request.unit.name)
    const room = await makeRoom(yard, request)
    try {
      return await runIn(yard, { request, ...room }, signal)
    } finally {
      await room.remove()
    }
  }, signal)
}

interface Room {
  readonly directory: string
  readonly files: string
  remove(): Promise<void>
}

/** A started unit's own copy; else one that is thrown away. */
async function makeRoom({ place }: Yard, { app, unit, artifact }: ExecRequest): Promise<Room> {
  const record = await readUnit(place, app, unit.name)
  if (record !== undefined) {
    const files = await prepareUnit(place, record)
    return { directory: join(files, '..'), files, remove: async () => undefined }
  }
  const directory = scratchPath(place, 'exec')
  const files = copyDirectory(directory)
  await mkdir(homeDirectory(directory), { recursive: true, mode: 0o700 })
  await mkdir(temporaryDirectory(directory), { recursive: true, mode: 0o700 })
  await ensureWorkingCopy(place, artifact, files)
  return { directory, files, remove: () => rm(directory, { recursive: true, force: true }) }
}

async function runIn(yard: Yard, { request, directory, files }: Pick<Room, 'directory' | 'files'> & { readonly request: ExecRequest }, signal: AbortSignal): Promise<ExecResult> {
  const { place, platform } = yard
  const { app, unit, spec, command } = request
  const instance = `${unit.name}-exec-${randomBytes(4).toString('hex')}`
  const logFile = join(logsDirectory(place, app, unit.name), 'exec.log')
  await rotate(logFile, defaultRotation)
  const output = await Output.open(yard, { request, instance, logFile })
  signal.throwIfAborted()
  const launched = await launch(place, {
    command: shellCommand(platform, command),
    directory: await workDirectory(files, spec),
    marker: { place: place.id, role: 'exec', app, unit, id: instance },
    environment: unitEnvironment({ platform, directory, given: request.environment }),
    logFile,
  })
  try {
    const exit = await output.until(launched, signal)
    return { ...exit, log: output.last }
  } finally {
    // Also what the command left in the background.
    await endCommands(yard, ({ id }) => id === instance)
  }
}

/** Hands on what the command prints, and keeps its last lines. */
class Output {
  readonly last: string[] = []
  readonly #yard: Yard
  readonly #reader: LogReader
  readonly #print: (text: string) => void

  private constructor(yard: Yard, reader: LogReader, print: (text: string) => void) {
    this.#yard = yard
    this.#reader = reader
    this.#print = print
  }

  static async open(yard: Yard, { request, instance, logFile }: { readonly request: ExecRequest; readonly instance: string; readonly logFile: string }): Promise<Output> {
    const { service, release } = request.unit
    const print = (text: string) => {
      request.output(logLine(text, new Date(yard.clock.now()).toISOString(), { service, release, instance, stream: 'out' }))
    }
    return new Output(yard, await LogReader.open(logFile, 'end'), print)
  }

  async until({ exit }: Launched, signal: AbortSignal): Promise<Exit> {
    const over = new AbortController()
    // Its failure is thrown by the last line of this function.
    exit.catch(() => undefined).finally(() => over.abort())
    const either = AbortSignal.any([signal, over.signal])
    while (!over.signal.aborted) {
      this.#take(await this.#reader.more())
      signal.throwIfAborted()
      // Ends early when the command does, or when it is not wanted any more; the loop sees which.
      await this.#yard.clock.sleep(pollMs, either).catch(() => undefined)
    }
    this.#take(await this.#reader.more())
    const rest = this.#reader.rest()
    if (rest !== undefined) this.#take([rest])
    return exit
  }

  #take(lines: readonly string[]): void {
    for (const text of lines) this.#print(text)
    this.last.push(...lines)
    this.last.splice(0, Math.max(0, this.last.length - keptLines))
  }
}

/** Not with the caller's signal: it may be the reason. */
async function endCommands({ place, clock }: Yard, areMeant: (marker: Marker) => boolean): Promise<void> {
  const find = async () => (await findMarked(place)).filter(({ marker }) => marker.role === 'exec' && areMeant(marker))
  await endProcesses({ find, graceMs: abortGraceMs, clock }, new AbortController().signal)
}
