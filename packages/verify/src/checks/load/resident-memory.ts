import { readdir, readFile } from 'node:fs/promises'

/** Bytes of resident memory of a process and of all that it has started; undefined where this machine cannot tell. */
export async function residentMemory(pid: number): Promise<number | undefined> {
  const parents = new Map<number, { readonly parent: number; readonly bytes: number }>()
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '') // It has ended in between.
    const [parent, kilobytes] = [/^PPid:\s+(\d+)/m.exec(status)?.[1], /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]]
    if (parent !== undefined) parents.set(Number(name), { parent: Number(parent), bytes: Number(kilobytes ?? 0) * 1024 })
  }
  if (!parents.has(pid)) return undefined
  const isBelow = (each: number): boolean => each === pid || isBelowParent(each)
  const isBelowParent = (each: number): boolean => {
    const parent = parents.get(each)?.parent
    return parent !== undefined && parent > 1 && isBelow(parent)
  }
  return [...parents].filter(([each]) => isBelow(each)).reduce((sum, [, { bytes }]) => sum + bytes, 0)
}
