import { execFile } from 'node:child_process'
import { mkdir, open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const isRequired = (process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('tmpfs')

/** A file system of its own that can be filled to the last byte. */
export interface SmallDisk {
  /** Takes all room but `leaveBytes`. */
  fill(leaveBytes?: number): Promise<void>
  /** Gives the room back. */
  free(): Promise<void>
  /** Called twice it does nothing more. */
  unmount(): Promise<void>
}

export interface SmallDiskOptions {
  readonly megabytes: number
  /** Whose it is, where that is not the caller. */
  readonly uid?: number
  /** Of the directory; open to everybody unless given. */
  readonly mode?: string
}

/** Why this machine cannot mount one; undefined where it can. Throws where PLIMSOLL_REQUIRE says that it must. */
export async function whyNoSmallDisk(scratch: string): Promise<string | undefined> {
  try {
    const disk = await mountSmallDisk(scratch, { megabytes: 1 })
    await disk.unmount()
    return undefined
  } catch (error) {
    const why = `no tmpfs can be mounted (${error instanceof Error ? error.message.trim() : String(error)})`
    if (isRequired) throw new Error(`PLIMSOLL_REQUIRE asks for tmpfs, and ${why}`, { cause: error })
    return `skipped: ${why}`
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Mounts an empty disk at `directory`, which is made if it is absent. */
export async function mountSmallDisk(directory: string, { megabytes, uid = process.getuid?.() ?? 0, mode = '0755' }: SmallDiskOptions): Promise<SmallDisk> {
  await mkdir(directory, { recursive: true })
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,uid=${uid},gid=${uid},mode=${mode}`, 'tmpfs', directory])
  let mounted = true
  const ballast = join(directory, 'ballast')
  return {
    fill: (leaveBytes = 0) => fill(ballast, leaveBytes),
    free: () => rm(ballast, { force: true }),
    async unmount() {
      if (!mounted) return
      mounted = false
      await run('umount', [directory])
    },
  }
}

async function fill(ballast: string, leaveBytes: number): Promise<void> {
  const file = await open(ballast, 'a', 0o600)
  try {
    const { bavail, bsize } = await statfs(ballast)
    let left = bavail * bsize - leaveBytes
    // Large pieces first: whoever writes beside this one shall not be done before the disk is full.
    for (const size of [1024 * 1024, bsize]) {
      const piece = Buffer.alloc(size)
      for (; left >= size; left -= size) await file.write(piece)
    }
  } catch (error) {
    // Somebody else took the last byte meanwhile: it is full, as was asked.
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') throw error
  } finally {
    await file.close()
  }
}
