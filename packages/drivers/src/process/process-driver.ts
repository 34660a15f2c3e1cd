import type { BuildRequest, Clock, Driver } from '@plimsoll/engine'
import { listens, type Artifact } from '@plimsoll/model'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { execCommand } from './exec-command.ts'
import { Keeper } from './keeper.ts'
import { findMarked } from './markers.ts'
import { measureInstances } from './measure-instances.ts'
import { observeUnits, unitsHere } from './observe-units.ts'
import { openPlace, scratchDirectory, type Place } from './place.ts'
import { defaultPortRange, openPortBook, type PortRange } from './ports.ts'
import { readLogs } from './read-logs.ts'
import { listApps, listUnits, sweepRecords } from './records.ts'
import { sharedLook } from './shared-look.ts'
import { keepUnit, startUnit, type Yard } from './start-unit.ts'
import { stopUnit } from './stop-unit.ts'
import { forgetOldLogs, rotateLogs } from './tidy-logs.ts'

export interface ProcessDriverOptions {
  /** Everything that the driver keeps lies under this directory. */
  readonly home: string
  readonly builder: { build(request: BuildRequest, signal: AbortSignal): Promise<Artifact> }
  readonly clock: Clock
  /** From where instances get their ports; 21000–29999 unless given. */
  readonly ports?: PortRange | undefined
  /** Absolute path of the `node` that units run with. */
  readonly nodePath: string
  /** Directories of further tools that start commands use, such as pnpm. */
  readonly toolDirectories?: readonly string[] | undefined
  /** Told what goes wrong while nobody waits for an answer: a restart that fails because the disk is full, say. */
  readonly report?: ((error: unknown) => void) | undefined
}

export interface ProcessDriver extends Driver {
  /**
   * Takes up every unit that should run: what is alive is watched, what has died (with the machine, or while
   * Plimsoll was away) is started again. To be called once, before anything else; resolves when all have been
   * started. A unit that cannot be started is reported and does not hold up the others.
   */
  superviseUnits(signal: AbortSignal): Promise<void>
  /** Ends the supervision. Every unit runs on, and so does a command that is to run once. */
  close(): Promise<void>
}

const tidyEveryMs = 10_000

/** Runs units as processes of this machine, which is Linux: no Docker, no root. They do not notice when Plimsoll ends. */
export function createProcessDriver(options: ProcessDriverOptions): ProcessDriver {
  const { builder, clock, report = () => undefined } = options
  const place = openPlace(options.home)
  const keeper = new Keeper({ place, clock, report })
  const platform = { shell: findShell(), nodePath: options.nodePath, toolDirectories: options.toolDirectories ?? [] }
  const ports = openPortBook({ place, clock, range: options.ports ?? defaultPortRange })
  const addresses: Yard['addresses'] = (app, unit, count) => ports.addresses(`${app}/${unit.name}`, count)
  const inner: Yard['inner'] = async (app, unit) => {
    const [address] = await ports.addresses(`inner/${app}/${unit.name}`, 1)
    if (address === undefined) throw new Error(`no port was settled for the inner address of ${unit.name}`)
    return address
  }
  const closing = new AbortController()
  const yard: Yard = { place, platform, clock, keeper, closing: closing.signal, addresses, inner }
  // Whoever shows every app asks for each of them at the same time, and all of them are told from one process table.
  const observation = { place, addresses, processes: sharedLook(async () => Map.groupBy(await findMarked(place), ({ marker }) => marker.app)), exitOf: (id: string, process: Parameters<Keeper['exitOf']>[1]) => keeper.exitOf(id, process) }
  const tidying = createTidying({ place, clock, report })

  return {
    name: 'process',
    can: { startBeside: true, exec: true, scale: true, measure: true },
    observe: (app) => observeUnits(observation, app),
    units: (app) => unitsHere(observation, app),
    build: (request, signal) => builder.build(request, signal),
    addresses: async (app, unit, spec) => (listens(spec.kind) ? addresses(app, unit, spec.instances) : []),
    async inner(app, unit, spec) {
      if (!listens(spec.kind)) return undefined
      return spec.instances > 1 ? inner(app, unit) : (await addresses(app, unit, 1))[0]
    },
    exec: (request, signal) => execCommand(yard, request, signal),
    async start(runnable, signal) {
      tidying.begin()
      await startUnit(yard, runnable, signal)
      return (await observeUnits(observation, runnable.app)).filter(({ unit }) => unit.name === runnable.unit.name)
    },
    // oxlint-disable-next-line max-params -- so the interface has it
    async stop(app, unit, graceMs, signal) {
      const stopped = await stopUnit(yard, { app, unit, graceMs }, signal)
      await forgetOldLogs(place, app)
      return stopped
    },
    measure: (app) => measureInstances({ place, clock }, app),
    logs: (request, signal) => readLogs({ place, clock }, request, signal),
    async superviseUnits(signal) {
      await rm(scratchDirectory(place), { recursive: true, force: true })
      await sweepRecords(place)
      tidying.begin()
      const units = (await Promise.all((await listApps(place)).map((app) => listUnits(place, app)))).flat()
      await Promise.all(units.map((unit) => keepUnit(yard, unit, signal).catch(report)))
      signal.throwIfAborted()
    },
    async close() {
      closing.abort(new Error('the driver is closed; what was begun runs on'))
      await tidying.end()
      await keeper.close()
    },
  }
}

/** Keeps logs within bounds while instances run. */
function createTidying({ place, clock, report }: { readonly place: Place; readonly clock: Clock; readonly report: (error: unknown) => void }) {
  const over = new AbortController()
  let running: Promise<void> | undefined
  async function tidy(): Promise<void> {
    while (!over.signal.aborted) {
      await rotateLogs(place).catch(report)
      // Only `end` cuts this sleep short, and the loop sees it.
      await clock.sleep(tidyEveryMs, over.signal).catch(() => undefined)
    }
  }
  return {
    begin: () => void (running ??= tidy()),
    end: async () => {
      over.abort()
      await running
    },
  }
}

/** Bash where there is one: it becomes a single command itself, so that one process less stands between us and the server. */
function findShell(): string {
  return existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh'
}
