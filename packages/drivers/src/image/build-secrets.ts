import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Secrets as a build can mount them: an id, and the file that holds it. */
export interface BuildSecrets {
  readonly mounts: readonly { readonly id: string; readonly file: string }[]
  remove(): Promise<void>
}

/**
 * Lays secrets out in `directory`, which only this user reads: each under its own name, and all of them under `env` as lines of a shell.
 * What lay there goes, such as what a killed build has left. `ca`, if given, is a file of certificates to trust. Whoever lays
 * them out removes them.
 */
export async function layOutSecrets(directory: string, secrets: Readonly<Record<string, string>>, ca: string | undefined): Promise<BuildSecrets> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const named = Object.entries(secrets).filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
  const files = [...named, ['env', named.map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`).join('')] as const]
  const mounts: { id: string; file: string }[] = ca === undefined ? [] : [{ id: 'ca', file: ca }]
  for (const [id, content] of files) {
    const file = path.join(directory, id)
    await writeFile(file, content, { mode: 0o600 })
    mounts.push({ id, file })
  }
  return { mounts, remove: () => rm(directory, { recursive: true, force: true }) }
}
