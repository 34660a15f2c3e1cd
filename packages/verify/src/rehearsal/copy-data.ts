import { runnableUnits, type DatabaseCopies } from '@plimsoll/engine'
import { copyName, PlimsollError, type AppName, type DatabaseAddress } from '@plimsoll/model'
import { copyContext, releaseOf } from './copy-context.ts'
import { environmentsOf } from './copy-wiring.ts'
import type { RehearsalParts, Version } from './rehearsal-parts.ts'
import type { CopyWish } from './rehearsal.ts'

type Kind = NonNullable<CopyWish['databases']>
export type Databases = Readonly<Record<string, DatabaseAddress>>

/** Where the databases of copies come from. */
export interface CopyData {
  /** New databases of this kind, by the Blueprint's names. */
  make(kind: Kind, signal: AbortSignal): Promise<Databases>
  /** Another one like that of `name`. */
  spare(kind: Kind, name: string, signal: AbortSignal): Promise<DatabaseAddress>
  readonly copies: DatabaseCopies
}

/**
 * Templates are made once, when they are first wanted, by the pre-deploy commands themselves: of the candidate, of what is live, or of the
 * candidate after those of what is live. Everybody gets a clone, which costs some 50 ms, and nobody another one's.
 */
export function copyData(parts: RehearsalParts): CopyData {
  const copies = parts.copies ?? noCopies
  // What is live may want one that the candidate has given up.
  const majors = new Map([...(parts.live?.wanted.databases ?? []), ...parts.candidate.wanted.databases].map(({ name, majorVersion }) => [name, majorVersion]))
  const templates = new Map<Kind, Promise<Databases>>()
  const templateOf = (kind: Kind, signal: AbortSignal): Promise<Databases> => {
    const known = templates.get(kind) ?? makeTemplate(kind, signal)
    templates.set(kind, known)
    return known
  }
  const makeTemplate = async (kind: Kind, signal: AbortSignal): Promise<Databases> => {
    const databases = await cloned(kind === 'live-migrated' ? await templateOf('live', signal) : undefined, signal)
    await migrate(parts, { app: copyName(parts.id, kind), version: versionOf(parts, kind === 'live' ? 'live' : 'candidate'), databases }, signal)
    for (const each of Object.values(databases)) await copies.sever(each, signal)
    return databases
  }
  const cloned = async (from: Databases | undefined, signal: AbortSignal): Promise<Databases> => {
    const made = [...majors].map(async ([name, majorVersion]) => [name, await copies.make(parts.id, { template: from?.[name], majorVersion }, signal)] as const)
    return Object.fromEntries(await Promise.all(made))
  }
  return {
    copies,
    make: async (kind, signal) => cloned(kind === 'empty' ? undefined : await templateOf(kind, signal), signal),
    spare: async (kind, name, signal) => copies.make(parts.id, { template: kind === 'empty' ? undefined : (await templateOf(kind, signal))[name], majorVersion: majors.get(name) }, signal),
  }
}

export function versionOf({ candidate, live }: RehearsalParts, of: NonNullable<CopyWish['of']>): Version {
  if (of === 'candidate') return candidate
  if (live === undefined) throw new Error('nothing is live that could be copied')
  return live
}

interface Migration {
  readonly app: AppName
  readonly version: Version
  readonly databases: Databases
}

/** Runs every pre-deploy command once, in the Blueprint's order, as a release does. Throws `MIGRATION_FAILED` with its last lines. */
async function migrate(parts: RehearsalParts, { app, version, databases }: Migration, signal: AbortSignal): Promise<void> {
  const release = releaseOf(version, version.specs.map(({ service }) => service))
  const environments = await environmentsOf(parts, { app, version, databases, keyValues: {} }, signal)
  const context = copyContext(parts, { app, environments: () => environments }, signal)
  for (const unit of await runnableUnits(context, release)) {
    const command = unit.spec.preDeployCommand
    if (command === undefined) continue
    const { code, signal: killedBy, log } = await parts.driver.exec({ ...unit, command, output: parts.output }, signal)
    await parts.driver.stop(app, unit.unit, 0, signal)
    await parts.forget(app)
    if (code === 0) continue
    throw new PlimsollError('MIGRATION_FAILED', `The preDeployCommand of ${unit.spec.service} ended ${killedBy === null ? `with status ${code}` : `by ${killedBy}`}: ${command}`, {
      details: { service: unit.spec.service, log: [...log] },
    })
  }
}

const cannot = async (): Promise<never> => {
  throw new PlimsollError('PLACE_CANNOT', 'Databases cannot be cloned in this place yet, so an app that has one cannot be rehearsed in it', { hint: 'Verify it as local processes: plimsoll verify --on process' })
}
const noCopies: DatabaseCopies = { make: cannot, sever: cannot, restore: cannot, drop: cannot, dropAll: async () => undefined }
