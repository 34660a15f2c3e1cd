import type { Clock } from '@plimsoll/engine'
import { hasCode } from './durable-file.ts'
import { isAlive, identify, readCommandLine, type ProcessEntry } from './process-table.ts'

export interface Ending<Entry extends ProcessEntry> {
  /** The living processes to end, looked up anew at each call. */
  find(): Promise<readonly Entry[]>
  readonly graceMs: number
  readonly clock: Clock
}

/** How long wrappers get to notice that what they wrapped has ended. */
const wrapperGraceMs = 500
const pollMs = 25

/**
 * SIGTERM, then SIGKILL for what is left after the grace; returns what had to be killed. A server behind
 * `pnpm start` or `sh -c` gets exactly one SIGTERM: dash passes none on, npm passes one on, and a
 * server that gets two takes the second for impatience and drops its requests. So the servers are told
 * first, and their wrappers only if they outlive them.
 */
export async function endProcesses<Entry extends ProcessEntry>(ending: Ending<Entry>, signal: AbortSignal): Promise<readonly Entry[]> {
  const { find, graceMs, clock } = ending
  const until = clock.now() + graceMs
  const told = new Set<string>()
  const tell = (entries: readonly Entry[]) => {
    for (const entry of entries) if (!told.has(keyOf(entry))) send(entry, 'SIGTERM', told)
  }

  const look = accumulate(find)

  let left = await look()
  tell(serversAmong(left))
  while (left.length > 0 && clock.now() < until) {
    const waitFor = left.filter((entry) => told.has(keyOf(entry)))
    await gone(waitFor, { clock, until }, signal)
    left = await look()
    if (left.length > 0 && left.every((entry) => !told.has(keyOf(entry)))) {
      await gone(left, { clock, until: Math.min(until, clock.now() + wrapperGraceMs) }, signal)
      left = await look()
      tell(left)
    }
  }
  return killAll({ find: look, clock }, signal)
}

/** What was found once counts until it has ended, also when whoever it was known by is gone by then. */
function accumulate<Entry extends ProcessEntry>(find: () => Promise<readonly Entry[]>): () => Promise<readonly Entry[]> {
  let known = new Map<string, Entry>()
  return async () => {
    for (const entry of await find()) known.set(keyOf(entry), entry)
    known = new Map([...known].filter(([, entry]) => isAlive(identify(entry))))
    return [...known.values()]
  }
}

/** Again and again, because a process that is about to be killed may just have made another. */
async function killAll<Entry extends ProcessEntry>({ find, clock }: Omit<Ending<Entry>, 'graceMs'>, signal: AbortSignal): Promise<readonly Entry[]> {
  const killed = new Map<string, Entry>()
  for (let left = await find(); left.length > 0; left = await find()) {
    for (const entry of left) {
      send(entry, 'SIGKILL')
      killed.set(keyOf(entry), entry)
    }
    await gone(left, { clock, until: clock.now() + 1_000 }, signal)
  }
  return [...killed.values()]
}

/** Waits until none of them lives, or until time is up. */
async function gone(entries: readonly ProcessEntry[], { clock, until }: { readonly clock: Clock; readonly until: number }, signal: AbortSignal): Promise<void> {
  let left = entries
  while (left.length > 0 && clock.now() < until) {
    await clock.sleep(Math.min(pollMs, until - clock.now()), signal)
    left = left.filter((entry) => isAlive(identify(entry)))
  }
}

/** The topmost processes that are no wrappers: they end what is under them themselves. */
function serversAmong<Entry extends ProcessEntry>(entries: readonly Entry[]): readonly Entry[] {
  const wrappers = new Set(entries.filter(isWrapper).map(({ pid }) => pid))
  const byPid = new Map(entries.map((entry) => [entry.pid, entry]))
  const underServer = (entry: Entry): boolean => {
    const parent = byPid.get(entry.parent)
    return parent !== undefined && (!wrappers.has(parent.pid) || underServer(parent))
  }
  const servers = entries.filter((entry) => !wrappers.has(entry.pid) && !underServer(entry))
  return servers.length > 0 ? servers : entries
}

const shells = new Set(['sh', 'dash', 'bash', 'ash', 'zsh', 'ksh', 'busybox'])
const runners = /(?:^|\/)(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack|turbo|dotenv|cross-env|env-cmd)(?:-cli)?(?:\.c?js|\.mjs)?(?:\s|$)/

function isWrapper(entry: ProcessEntry): boolean {
  if (shells.has(entry.name)) return true
  // npm and pnpm set a title, which Linux shows as the whole command line: `npm run start`.
  return readCommandLine(entry.pid).slice(0, 2).some((word) => runners.test(word))
}

function send(entry: ProcessEntry, kind: 'SIGTERM' | 'SIGKILL', told?: Set<string>): void {
  told?.add(keyOf(entry))
  try {
    process.kill(entry.pid, kind)
  } catch (error) {
    // It ended between the look and the signal.
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

function keyOf({ pid, startTicks }: ProcessEntry): string {
  return `${pid}:${startTicks}`
}
