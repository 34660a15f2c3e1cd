import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a process that is ending may take. */
const graceMs = 5_000

/** Processes that have to do with `directory` (by working directory, command line or environment), as `pid command`; waits a little for those that are ending. */
export async function leftBehind(directory) {
  for (let waited = 0; waited < graceMs; waited += 250) {
    if (processesOf(directory).length === 0) return []
    await sleep(250)
  }
  return processesOf(directory)
}

function processesOf(directory) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap((pid) => {
    const command = read(`/proc/${pid}/cmdline`)
    if (command === '') return [] // A kernel thread, a zombie, or gone by now.
    const touches = [command, read(`/proc/${pid}/environ`), link(`/proc/${pid}/cwd`)].some((text) => text.includes(directory))
    return touches ? [`${pid} ${command.replaceAll('\0', ' ').trim()}`] : []
  })
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It has ended, or belongs to somebody else.
  }
}

function link(path) {
  try {
    return readlinkSync(path)
  } catch {
    return '' // As above.
  }
}
