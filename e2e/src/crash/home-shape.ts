import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Comes with the first request that is logged, whenever that is. */
const unheeded = [/^edge\/access\.log/]

/** How many files and directories of each kind lie in a home: path, without what differs from release to release, → count. */
export type HomeShape = ReadonlyMap<string, number>

/** What only its owner looks into: what the database keeps, and the many files of each artifact. */
const closed = [/^logs$/, /^postgres\/data\/(?!base$)/, /^postgres\/data\/base\/./, /\/files$/, /^builds\/[^/]+\/[^/]+\/source$/, /^tools$/, /^postgres\/bin/]
/** What is kept of releases that are over, by a number or an age of its own: its kinds are the same, and there is more of it with each release, or none where the disk was short, or where an API that began anew has swept it. */
const growing = [/^units-scratch$/, /^artifacts\//, /^inputs\//, /^builds\/[^/]+\/[^/]+\/(?:logs\/|source(?:\.json)?$)/, /^cache\//, /^postgres\/log\//, /^edge\/assets\//]

/** What lies in `home` now. */
export async function shapeOf(home: string): Promise<HomeShape> {
  const shape = new Map<string, number>()
  await count(home, '', shape)
  return shape
}

/** The same with what lies elsewhere for the home, one of a kind each. */
export function withKinds(shape: HomeShape, kinds: readonly string[]): HomeShape {
  const whole = new Map(shape)
  for (const kind of kinds) whole.set(kind, (whole.get(kind) ?? 0) + 1)
  return whole
}

/** What is there more than in a home that knew no faults, or less; empty when nothing is. */
export function differences(before: HomeShape, now: HomeShape): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((kind) => {
    const was = before.get(kind) ?? 0
    const is = now.get(kind) ?? 0
    const same = isOneOf(growing, kind) ? was > 0 || is === 0 : was === is
    return same ? [] : [`${kind}: ${is} in place of ${was}`]
  }).toSorted()
}

async function count(home: string, path: string, shape: Map<string, number>): Promise<void> {
  const entries = await readdir(join(home, path), { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`
    if (isOneOf(unheeded, inner)) continue
    const kind = kindOf(inner)
    shape.set(kind, (shape.get(kind) ?? 0) + 1)
    if (entry.isDirectory() && !isOneOf(closed, inner)) await count(home, inner, shape)
  }
}

/** What another place than that of processes keeps lies in a home within the home. */
function isOneOf(kinds: readonly RegExp[], path: string): boolean {
  const inner = path.replace(/^(?:docker|swarm)\//, '')
  return kinds.some((kind) => kind.test(inner))
}

function kindOf(path: string): string {
  return path.replaceAll(/\d{4}-\d\d-\d\dT[\d.:-]+Z/g, 'TIME').replaceAll(/\d{8}T\d{6}/g, 'TIME')
    .replaceAll(/[0-9a-f]{8,}/g, 'HEX').replaceAll(/-r\d+/g, '-rN').replaceAll(/\d+/g, 'N')
}
