import { execFile } from 'node:child_process'
import { mkdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PlimsollError, type Artifact, type UnitSpec } from '@plimsoll/model'
import { hasCode, isMissing } from './durable-file.ts'
import { scratchPath, type Place } from './place.ts'

const run = promisify(execFile)

/**
 * Makes `directory` a writable copy of the artifact's files, or finds the one that is there. Never hard
 * links: a unit that writes to its own files must not write to the artifact's.
 */
export async function ensureWorkingCopy(place: Place, artifact: Artifact, directory: string): Promise<void> {
  if (await isDirectory(directory)) return
  if (!(await isDirectory(artifact.files))) throw artifactGone(artifact)
  const temporary = scratchPath(place, 'copy')
  await mkdir(dirname(temporary), { recursive: true, mode: 0o700 })
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
  try {
    await copy(artifact.files, temporary)
    await rename(temporary, directory)
  } catch (error) {
    // Two who made the same copy at the same time: the first one stands.
    if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Where the unit's commands run: its `rootDir` within the copy, where the artifact has it. */
export async function workDirectory(copyRoot: string, spec: UnitSpec): Promise<string> {
  const own = join(copyRoot, spec.rootDir)
  return (await isDirectory(own)) ? own : copyRoot
}

/** `cp` shares blocks where the file system can, and is several times faster than `fs.cp` where it cannot. */
async function copy(from: string, to: string): Promise<void> {
  try {
    await run('cp', ['--archive', '--reflink=auto', '--', from, to])
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    const full = await isFull(dirname(to))
    throw new PlimsollError(full ? 'DISK_FULL' : 'ARTIFACT_BROKEN', `The artifact in ${from} could not be copied to ${to}`, {
      hint: full ? 'Make room, then try again: df -h' : 'Build it anew: plimsoll release',
      details: { log: text.split('\n').slice(-10) },
      cause: error,
    })
  }
  // Artifacts are read-only; the copy is the unit's own.
  await run('chmod', ['-R', 'u+w', '--', to])
}

async function isFull(directory: string): Promise<boolean> {
  const { bavail, bsize, ffree } = await statfs(directory)
  return bavail * bsize < 1_000_000 || ffree === 0
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

function artifactGone(artifact: Artifact): PlimsollError {
  return new PlimsollError('ARTIFACT_BROKEN', `The files of ${artifact.service}'s artifact are not in ${artifact.files} any more`, {
    hint: 'Build it anew: plimsoll release',
    details: { digest: artifact.digest },
  })
}
