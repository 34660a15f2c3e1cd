import type { ExecRequest, ExecResult } from '@plimsoll/engine'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { endCommands } from './end-commands.ts'
import { execOnce } from './exec-once.ts'
import { ExecOutput } from './exec-output.ts'
import { makeRoom, type Room } from './exec-room.ts'
import { launch } from './launch.ts'
import { withLock } from './lock.ts'
import { defaultRotation, rotate } from './log-file.ts'
import { lockName, logsDirectory, scratchPath } from './place.ts'
import type { Yard } from './start-unit.ts'
import { shellCommand, unitEnvironment } from './unit-environment.ts'
import { workDirectory } from './working-copy.ts'

/**
 * Runs one command to its end. Like an instance it writes straight into a file, so that a migration is not
 * torn apart by a broken pipe when Plimsoll dies; what such a death left running is waited for when the run is to happen
 * once, else ended before the next command of the same unit begins. Two never run at once.
 */
export async function execCommand(yard: Yard, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
  const lock = { name: lockName(yard.place, `exec/${request.app}/${request.unit.name}`), clock: yard.clock }
  return withLock(lock, async () => {
    if (request.once !== undefined) return execOnce(yard, { ...request, once: request.once }, signal)
    // Nobody else holds the lock, so that whatever still runs as a command of this unit has lost its owner.
    await endCommands(yard, ({ app, unit }) => app === request.app && unit?.name === request.unit.name)
    const room = await makeRoom(yard, request, scratchPath(yard.place, 'exec'))
    try {
      return await runIn(yard, { request, room }, signal)
    } finally {
      await room.remove()
    }
  }, signal)
}

async function runIn(yard: Yard, { request, room }: { readonly request: ExecRequest; readonly room: Room }, signal: AbortSignal): Promise<ExecResult> {
  const { place, platform } = yard
  const { app, unit, spec, command } = request
  const instance = `${unit.name}-exec-${randomBytes(4).toString('hex')}`
  const logFile = join(logsDirectory(place, app, unit.name), 'exec.log')
  await rotate(logFile, defaultRotation)
  const output = await ExecOutput.open(yard, { request, instance, logFile, from: 'end' })
  signal.throwIfAborted()
  const launched = await launch(place, {
    command: shellCommand(platform, command),
    directory: await workDirectory(room.files, spec),
    marker: { place: place.id, role: 'exec', app, unit, id: instance },
    environment: unitEnvironment({ platform, directory: room.directory, given: request.environment }),
    logFile,
  })
  try {
    return { ...(await output.until(launched.exit, signal)), log: output.last }
  } finally {
    // Also what the command left in the background.
    await endCommands(yard, ({ id }) => id === instance)
  }
}
