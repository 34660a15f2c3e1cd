import { isInRepository, runGit } from '@plimsoll/repository'

/**
 * Where others find the repository of the directory `root`: the address of its remote `origin`, as a web address without a user.
 * Undefined where there is no repository, no such remote, or one that is a path of this machine.
 */
export async function readRemote(root: string, signal?: AbortSignal): Promise<string | undefined> {
  if (!isInRepository(root)) return undefined
  const told = await runGit(root, ['remote', 'get-url', 'origin'], signal).catch(() => {
    signal?.throwIfAborted()
    // git answers with a failure where there is no such remote.
    return Buffer.alloc(0)
  })
  return webAddress(told.toString().trim())
}

/** `git@host:owner/name.git` and `ssh://git@host/owner/name.git` are what `https://host/owner/name` leads to. */
export function webAddress(remote: string): string | undefined {
  const short = /^(?:[\w.-]+@)?([\w.-]+\.[\w-]+):(?!\/)(.+)$/.exec(remote)
  if (short !== null && !remote.includes('://')) return `https://${short[1]}/${withoutSuffix(short[2] ?? '')}`
  const long = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/]+)\/(.+)$/.exec(remote)
  if (long === null) return undefined
  const [, host = '', path = ''] = long
  return `https://${remote.startsWith('http') ? host : host.replace(/:\d+$/, '')}/${withoutSuffix(path)}`
}

function withoutSuffix(path: string): string {
  return path.replace(/\/$/, '').replace(/\.git$/, '')
}
