import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { PlimsollError, slugOf, type AppName, type ServiceName } from '@plimsoll/model'
import { z } from 'zod'
import { freeBytesAt } from './free-bytes.ts'
import { endTree, leadersIn, startOf } from './process-tree.ts'

const processSchema = z.object({ pid: z.number(), started: z.number().optional() })
const markSchema = z.object({ owner: processSchema, runsIn: z.string().optional() })

/** Where one Service of one App is built, again and again. */
export interface WorkDirectory {
  readonly source: string
  /** See {@link Sync.memory}. */
  readonly memory: string
  readonly logs: string
  /**
   * Writes down that a build is under way, by which process, and in which directory it is about to run a command: before
   * that begins, so that it is found however soon we are killed. A build that never ends leaves the mark.
   */
  mark(runsIn?: string): void
  unmark(): Promise<void>
  /** Deletes all that was made; the logs stay. */
  discard(): Promise<void>
}

const logsKept = 10

/**
 * Opens a Service's work directory. What a killed build left running is ended, and what it left
 * half installed is deleted. Throws `RELEASE_LOCKED` while another Plimsoll builds in it.
 */
export async function openWorkDirectory(home: string, app: AppName, service: ServiceName): Promise<WorkDirectory> {
  const directory = path.join(home, 'builds', app, directoryName(service))
  const source = path.join(directory, 'source')
  const memory = path.join(directory, 'source.json')
  const logs = path.join(directory, 'logs')
  const markFile = path.join(directory, 'building.json')
  await mkdir(logs, { recursive: true, mode: 0o700 })
  const discard = (): Promise<void> => discardAt(directory)
  if (await endForeignBuild(markFile, service)) await discard()
  const old = (await readdir(logs)).sort().slice(0, -logsKept)
  for (const name of old) await rm(path.join(logs, name), { force: true })
  return {
    source,
    memory,
    logs,
    mark: (runsIn) => writeFileSync(markFile, JSON.stringify({ owner: identity(process.pid), ...(runsIn !== undefined && { runsIn }) })),
    unmark: () => rm(markFile, { force: true }),
    discard,
  }
}

/** Ends what builds of killed Plimsolls left running, in every work directory. Their marks stay for the next build to see. */
export async function endAbandonedBuilds(home: string): Promise<void> {
  const builds = path.join(home, 'builds')
  const marks = (await readdir(builds).catch(() => [])).map(async (app) => {
    const services = await readdir(path.join(builds, app)).catch(() => [])
    return Promise.all(services.map((service) => readFile(path.join(builds, app, service, 'building.json'), 'utf8').catch(() => '')))
  })
  for (const text of (await Promise.all(marks)).flat()) {
    const mark = parseMark(text)
    if (mark?.runsIn !== undefined && !lives(mark.owner)) await endCommandsIn(mark.runsIn)
  }
}

/** A work directory that nobody builds in. */
interface IdleWork {
  readonly directory: string
  /** When a build last began here; milliseconds since 1970. */
  readonly usedAt: number
}

export interface WorkPruneRequest {
  /** Those that were used before this moment go. Milliseconds since 1970. */
  readonly unusedSince: number
  /** While less than this is free on their disk the others go too, those used longest ago first. */
  readonly minFreeBytes: number
}

/**
 * Deletes what builds left for the next ones: sources, installed packages, caches. A build finds all of it again, only later.
 * Logs stay. Gives the directories. Nothing may build in `home` meanwhile.
 */
export async function pruneWorkDirectories(home: string, { unusedSince, minFreeBytes }: WorkPruneRequest): Promise<string[]> {
  const builds = path.join(home, 'builds')
  const gone: string[] = []
  for (const { directory, usedAt } of (await idleWork(builds)).toSorted((one, other) => one.usedAt - other.usedAt)) {
    // Measured anew each time: links make it hard to tell beforehand what a directory would give back.
    if (usedAt >= unusedSince && (await freeBytesAt(builds)) >= minFreeBytes) break
    await discardAt(directory)
    gone.push(directory)
  }
  return gone
}

async function idleWork(builds: string): Promise<IdleWork[]> {
  const apps = await readdir(builds).catch(() => [])
  const services = await Promise.all(apps.map(async (app) => (await readdir(path.join(builds, app)).catch(() => [])).map((service) => path.join(builds, app, service))))
  const found = await Promise.all(services.flat().map(async (directory): Promise<IdleWork[]> => {
    const mark = parseMark(await readFile(path.join(directory, 'building.json'), 'utf8').catch(() => ''))
    const source = await stat(path.join(directory, 'source')).catch(() => undefined)
    if (source === undefined || (mark !== undefined && (lives(mark.owner) || (mark.runsIn !== undefined && leadersIn(mark.runsIn).length > 0)))) return []
    const memory = await stat(path.join(directory, 'source.json')).catch(() => undefined)
    return [{ directory, usedAt: Math.max(source.mtimeMs, memory?.mtimeMs ?? 0) }]
  }))
  return found.flat()
}

async function discardAt(directory: string): Promise<void> {
  await rm(path.join(directory, 'source'), { recursive: true, force: true, maxRetries: 3 })
  await rm(path.join(directory, 'source.json'), { force: true })
}

/** True when a build was cut off here. */
async function endForeignBuild(markFile: string, service: ServiceName): Promise<boolean> {
  const text = await readFile(markFile, 'utf8').catch(() => undefined)
  if (text === undefined) return false
  const mark = parseMark(text)
  if (mark !== undefined && mark.owner.pid !== process.pid && lives(mark.owner)) {
    throw new PlimsollError('RELEASE_LOCKED', `${service} is being built by another Plimsoll, process ${mark.owner.pid}`, { hint: 'wait until it is done, or end that process' })
  }
  if (mark?.runsIn !== undefined) await endCommandsIn(mark.runsIn)
  await rm(markFile, { force: true })
  return true
}

async function endCommandsIn(directory: string): Promise<void> {
  for (const leader of leadersIn(directory)) await endTree(leader, 0)
}

function parseMark(text: string): z.infer<typeof markSchema> | undefined {
  try {
    return markSchema.parse(JSON.parse(text))
  } catch {
    // A mark that was cut while it was written still says that a build was cut.
    return undefined
  }
}

function identity(pid: number): z.infer<typeof processSchema> {
  const started = startOf(pid)
  return { pid, ...(started !== undefined && { started }) }
}

function lives({ pid, started }: z.infer<typeof processSchema>): boolean {
  const now = startOf(pid)
  return now !== undefined && now === started
}

/** Names of Services may hold anything; two that look alike as directories must not share one. */
function directoryName(service: ServiceName): string {
  const slug = slugOf(service)
  return slug === service ? slug : `${slug}-${createHash('sha256').update(service).digest('hex').slice(0, 8)}`
}
