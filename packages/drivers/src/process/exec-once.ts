import type { ExecRequest, ExecResult, OnceOnly } from '@plimsoll/engine'
import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isMissing, namesIn, readRecord, writeRecord } from './durable-file.ts'
import { endCommands } from './end-commands.ts'
import { ExecOutput } from './exec-output.ts'
import { makeRoom } from './exec-room.ts'
import { launch, type Exit } from './launch.ts'
import { defaultRotation, rotate, sizeOf } from './log-file.ts'
import { findMarked } from './markers.ts'
import { logsDirectory, unitDirectory, type Place } from './place.ts'
import { identify, isAlive, type ProcessId } from './process-table.ts'
import type { Yard } from './start-unit.ts'
import { shellCommand, unitEnvironment } from './unit-environment.ts'
import { workDirectory } from './working-copy.ts'

type Request = ExecRequest & { readonly once: OnceOnly }

/** Written before the run begins: from then on it counts as begun. */
const runSchema = z.object({
  name: z.string(),
  /** In bytes: where its own lines begin in the unit's log of commands. */
  logFrom: z.number().int().nonnegative(),
})

interface Run {
  readonly directory: string
  readonly recordFile: string
  /** The run's shell writes its status into this file at its end, whoever lives to see it. */
  readonly exitFile: string
  readonly room: string
  readonly logFile: string
  /** Follows from the name, so that the process is found again by its marker alone. */
  readonly instance: string
}

/**
 * Outlives whoever watches it, and tells by a file how the user's command ended; dash and bash write so short a text in one
 * piece. What the shell itself says of a signal is not for the log.
 */
const wrapper = 'exec 3>&2 2>/dev/null; "$@" 2>&3 3>&-; status=$?; printf "%s\\n" "$status" > "$0"; exit "$status"'

const pollMs = 50
const lost: Exit = { code: null, signal: null }

/** Begins the run unless it has begun, and waits for its end. Called under the lock of the unit's commands. */
export async function execOnce(yard: Yard, request: Request, signal: AbortSignal): Promise<ExecResult> {
  const run = runOf(yard.place, request)
  const record = (await recordOf(yard, run, request)) ?? (await begin(yard, { run, request }, signal))
  const output = await ExecOutput.open(yard, { request, instance: run.instance, logFile: run.logFile, from: record.logFrom })
  const over = new AbortController()
  try {
    const exit = await output.until(endOf(yard, run, over.signal), AbortSignal.any([signal, yard.closing]))
    await endCommands(yard, ({ id }) => id === run.instance)
    await rm(run.room, { recursive: true, force: true })
    return { ...exit, log: output.last }
  } catch (error) {
    // Whoever closes the place leaves the run to the next one who asks for it.
    if (signal.aborted) await forget(yard, run)
    throw error
  } finally {
    over.abort()
  }
}

function runOf(place: Place, { app, unit, once: { name } }: Request): Run {
  const directory = join(runsDirectory(place, { app, unit }), encodeURIComponent(name))
  return {
    directory,
    recordFile: join(directory, 'run.json'),
    exitFile: join(directory, 'exit'),
    room: join(directory, 'room'),
    logFile: join(logsDirectory(place, app, unit.name), 'exec.log'),
    instance: `${unit.name}-exec-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`,
  }
}

function runsDirectory(place: Place, { app, unit }: Pick<Request, 'app' | 'unit'>): string {
  return join(unitDirectory(place, app, unit.name), 'runs')
}

/** What is known of a run that has begun; undefined when it is to begin (again). */
async function recordOf(yard: Yard, run: Run, { once }: Request): Promise<z.infer<typeof runSchema> | undefined> {
  const record = await readRecord(run.recordFile, runSchema)
  if (record === undefined || once.whenLost === 'tell') return record
  const isLost = (await exitIn(run)) === undefined && (await findLeader(yard, run)) === undefined
  return isLost ? undefined : record
}

async function begin(yard: Yard, { run, request }: { readonly run: Run; readonly request: Request }, signal: AbortSignal): Promise<z.infer<typeof runSchema>> {
  const { place, platform } = yard
  const { app, unit, spec, command, once: { name }, environment } = request
  await endCommands(yard, (marker) => marker.app === app && marker.unit?.name === unit.name)
  await forgetOthers(place, request)
  await rm(run.directory, { recursive: true, force: true })
  const room = await makeRoom(yard, request, run.room)
  await rotate(run.logFile, defaultRotation)
  const record = { name, logFrom: (await sizeOf(run.logFile)) ?? 0 }
  signal.throwIfAborted()
  await writeRecord(run.recordFile, record)
  await launch(place, {
    command: [platform.shell, '-c', wrapper, run.exitFile, ...shellCommand(platform, command)],
    directory: await workDirectory(room.files, spec),
    marker: { place: place.id, role: 'exec', app, unit, id: run.instance },
    environment: unitEnvironment({ platform, directory: room.directory, given: environment }),
    logFile: run.logFile,
  })
  return record
}

/** Resolves when the run has ended, by itself or with the place. */
async function endOf(yard: Yard, run: Run, signal: AbortSignal): Promise<Exit> {
  const leader = await findLeader(yard, run)
  while (leader !== undefined && isAlive(leader)) await yard.clock.sleep(pollMs, signal)
  return (await exitIn(run)) ?? lost
}

async function findLeader({ place }: Yard, { instance }: Run): Promise<ProcessId | undefined> {
  const leader = (await findMarked(place)).find(({ marker, pid, session }) => marker.role === 'exec' && marker.id === instance && pid === session)
  return leader && identify(leader)
}

/** Shells tell of a signal by a status above 128. */
async function exitIn({ exitFile }: Run): Promise<Exit | undefined> {
  const text = await readFile(exitFile, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return ''
    throw error
  })
  if (!text.endsWith('\n')) return undefined
  const status = Number(text)
  const [signal] = Object.entries(constants.signals).find(([, number]) => status === number + 128) ?? []
  return signal === undefined ? { code: status, signal: null } : { code: null, signal }
}

async function forget(yard: Yard, run: Run): Promise<void> {
  await endCommands(yard, ({ id }) => id === run.instance)
  await rm(run.directory, { recursive: true, force: true })
}

async function forgetOthers(place: Place, request: Request): Promise<void> {
  const directory = runsDirectory(place, request)
  const others = (await namesIn(directory)).filter((name) => name !== encodeURIComponent(request.once.name))
  await Promise.all(others.map((name) => rm(join(directory, name), { recursive: true, force: true })))
}
