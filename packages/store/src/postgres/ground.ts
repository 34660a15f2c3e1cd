import { createHash, randomBytes } from 'node:crypto'
import { chown, lstat, mkdir, open, readdir, readFile, realpath, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { type Account, accountFor, canReach } from './account.ts'
import { chooseServerPort } from './choose-server-port.ts'
import { codeOf } from './code-of.ts'
import { newNameFor, syncDirectory } from './move-into-place.ts'

/** Where one embedded server lives. Settled at its first start and remembered in `<home>/postgres.json`. */
export interface Ground extends Remembered {
  readonly home: string
  /** Whom root runs the server as. */
  readonly account: Account | undefined
  readonly data: string
  readonly log: string
  readonly hba: string
}

const rememberedSchema = z.object({
  /** The private directory of the server: data, log, socket. */
  root: z.string(),
  socketDirectory: z.string(),
  port: z.number().int().min(1024).max(65535),
  /** Set once the cluster has answered; from then on missing data is a loss and not a first start. */
  initialised: z.boolean(),
})
type Remembered = z.infer<typeof rememberedSchema>

export interface GroundOptions {
  readonly home: string
  /** Where root keeps the cluster when `home` lies under a directory closed to the server's account. */
  readonly systemDirectory: string
  /** Where the socket goes when its path under the home is too long for the platform. */
  readonly runtimeDirectory: string
}

/** The home's real path, made private if it was absent. */
export async function makeHome(home: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  return realpath(home)
}

/** Finds the ground of this home, or chooses it. The start lock is held meanwhile. */
export async function settleGround(options: GroundOptions): Promise<Ground> {
  const { home } = options
  const account = await accountFor(home)
  const remembered = (await readRemembered(home)) ?? (await choose(options, account))
  await makePrivate(remembered.root, account)
  await makePrivate(join(remembered.root, 'log'), account)
  await makePrivate(remembered.socketDirectory, account)
  return groundAt(home, account, remembered)
}

/** The ground of this home, if a server was ever started there. Makes nothing. */
export async function findGround(home: string): Promise<Ground | undefined> {
  const remembered = await readRemembered(home)
  if (remembered === undefined) return undefined
  const real = await realpath(home)
  return groundAt(real, await accountFor(real), remembered)
}

/** Remembers that the cluster exists, so that its absence is never again taken for a first start. */
export async function noteInitialised(ground: Ground): Promise<void> {
  if (ground.initialised) return
  const { root, socketDirectory, port } = ground
  await remember(ground.home, { root, socketDirectory, port, initialised: true })
}

function groundAt(home: string, account: Account | undefined, remembered: Remembered): Ground {
  const { root } = remembered
  return { ...remembered, home, account, data: join(root, 'data'), log: join(root, 'log'), hba: join(root, 'pg_hba.conf') }
}

async function choose({ home, systemDirectory, runtimeDirectory }: GroundOptions, account: Account | undefined): Promise<Remembered> {
  const hash = hashOf(home)
  // Another home may stand here one day: it must not find the data of this one, nor meet its server.
  const name = `${hash}-${randomBytes(4).toString('hex')}`
  const inside = account === undefined || (await canReach(home, account))
  const root = inside ? join(home, 'postgres') : join(await openTo(account, systemDirectory), name)
  const port = await chooseServerPort(Number.parseInt(hash, 16))
  const socketDirectory = socketFits(root, port) ? join(root, 'run') : join(runtimeDirectory, `plimsoll-${name}`)
  const choice = { root, socketDirectory, port, initialised: false }
  await remember(home, choice)
  return choice
}

/** Short, so that the path of a socket below it is. */
function hashOf(home: string): string {
  return createHash('sha256').update(home).digest('hex').slice(0, 12)
}

/** Directories of servers that homes had which stood in this place before, and were removed without them. */
export async function leftByEarlierHomes({ home, root }: Pick<Ground, 'home' | 'root'>): Promise<string[]> {
  if (root === join(home, 'postgres')) return []
  const names = await readdir(dirname(root))
  return names.filter((name) => name.startsWith(hashOf(home)) && name !== basename(root)).map((name) => join(dirname(root), name)).toSorted()
}

async function openTo(account: Account, systemDirectory: string): Promise<string> {
  await mkdir(systemDirectory, { recursive: true, mode: 0o711 })
  const real = await realpath(systemDirectory)
  if (await canReach(real, account)) return real
  throw new PlimsollError('DATABASE_DOWN', `The embedded database cannot run as root, and user ${account.uid}, which it runs as, may not enter ${systemDirectory}`, {
    hint: `Let others pass through it (chmod o+x ${systemDirectory}), or start Plimsoll as an ordinary user.`,
  })
}

/** The kernel's limit is 108 bytes with the final zero. */
function socketFits(root: string, port: number): boolean {
  return Buffer.byteLength(join(root, 'run', `.s.PGSQL.${port}`)) <= 107
}

/** The old file or the new one, whole, whenever the machine stops. */
async function remember(home: string, choice: Remembered): Promise<void> {
  const path = memoryOf(home)
  const fresh = newNameFor(path)
  const file = await open(fresh, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(choice, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(fresh, path)
  await syncDirectory(home)
}

async function readRemembered(home: string): Promise<Remembered | undefined> {
  const path = memoryOf(home)
  try {
    return rememberedSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new PlimsollError('DATABASE_DOWN', `${path} says where the embedded database lives, and cannot be read`, {
      hint: `Restore ${path} from a backup.`,
      cause,
    })
  }
}

function memoryOf(home: string): string {
  return join(home, 'postgres.json')
}

/** Makes the directory with mode 0700, or checks that the one that is there is ours: /tmp is open to everybody. */
async function makePrivate(directory: string, account: Account | undefined): Promise<void> {
  await mkdir(dirname(directory), { recursive: true, mode: 0o711 })
  const uid = account?.uid ?? process.getuid?.()
  try {
    await mkdir(directory, { mode: 0o700 })
    if (account !== undefined) await chown(directory, account.uid, account.gid)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const found = await lstat(directory)
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return
  throw new PlimsollError('DATABASE_DOWN', `${directory} must be a directory of user ${uid} with mode 0700, and belongs to user ${found.uid} with mode ${(found.mode & 0o777).toString(8)}`, {
    hint: `Look at it with \`ls -ld ${directory}\`; start Plimsoll as the user who started it first.`,
  })
}
