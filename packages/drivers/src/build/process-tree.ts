import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

interface ProcessFacts {
  readonly pid: number
  readonly parent: number
  readonly session: number
  readonly state: string
  /** In clock ticks since boot; with the pid it names a process for ever. */
  readonly started: number
}

/**
 * Ends a process that leads its own session, and everything that descends from it: SIGTERM,
 * then SIGKILL after `graceMs`. Turborepo and others put their tasks into process groups of
 * their own, which a signal to the leader's group does not reach; the session does.
 * Nothing running is success.
 */
export async function endTree(leader: number, graceMs: number): Promise<void> {
  const known = new Map<number, ProcessFacts>()
  note(known, leader)
  for (const pid of known.keys()) send(pid, 'SIGTERM')
  sendGroup(leader, 'SIGTERM')
  const deadline = performance.now() + graceMs
  for (;;) {
    note(known, leader)
    const alive = [...known.values()].filter(isAlive)
    if (alive.length === 0) break
    if (performance.now() >= deadline) {
      for (const one of alive) send(one.pid, 'SIGKILL')
      sendGroup(leader, 'SIGKILL')
    }
    await pause(15)
  }
}

/** When the process `pid` began, or undefined when there is none, or one that has ended and waits for its parent to notice. */
export function startOf(pid: number): number | undefined {
  const facts = factsOf(pid)
  return facts === undefined || facts.state === 'Z' ? undefined : facts.started
}

/** Processes that lead a session of their own in `directory`, or below it. */
export function leadersIn(directory: string): number[] {
  return everyProcess().filter(({ pid, session }) => pid === session && `${directoryOf(pid)}/`.startsWith(`${directory}/`)).map(({ pid }) => pid)
}

/** Of one that was removed meanwhile, the kernel says so at the end. */
function directoryOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '')
  } catch {
    // Ended meanwhile, or somebody else's.
    return ''
  }
}

function note(known: Map<number, ProcessFacts>, leader: number): void {
  const all = everyProcess()
  for (const one of all) if (one.pid === leader || one.session === leader) known.set(one.pid, one)
  for (let grown = true; grown; ) {
    grown = false
    for (const one of all) {
      if (known.has(one.pid) || !known.has(one.parent)) continue
      known.set(one.pid, one)
      grown = true
    }
  }
}

function isAlive(one: ProcessFacts): boolean {
  return startOf(one.pid) === one.started
}

function everyProcess(): ProcessFacts[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => factsOf(Number(name)) ?? [])
  } catch {
    // No /proc (not Linux): the signals to the group are all there is.
    return []
  }
}

function factsOf(pid: number): ProcessFacts | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name in brackets and may hold spaces and brackets itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { pid, state: fields[0] ?? '', parent: Number(fields[1]), session: Number(fields[3]), started: Number(fields[19]) }
  } catch {
    // The process ended between the listing and the look.
    return undefined
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself, which is what was wanted.
  }
}

function sendGroup(leader: number, signal: NodeJS.Signals): void {
  send(-leader, signal)
}
