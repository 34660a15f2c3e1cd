import { join } from 'node:path'

/** What stands for the whole life of an edge, and what one HAProxy process has for itself. All of it is inside the edge's directory. */
export interface HaproxyPaths {
  readonly config: string
  /** Its runtime socket. */
  readonly control: string
  /** Where it tells what it answered. */
  readonly notes: string
  /** Where the edge answers what HAProxy does not. */
  readonly edge: string
  /** Empty files: what is in the maps comes over the runtime socket, and goes by these names. */
  readonly maps: HaproxyMaps
  /** A map of one entry: until when it answers by itself. */
  readonly term: string
}

export const mapNames = ['ports', 'hosts', 'live', 'lanes', 'assets'] as const
export type HaproxyMaps = Readonly<Record<(typeof mapNames)[number], string>>

/** `generation` counts the HAProxy processes of a home: each takes the place of the one before. */
export function haproxyPaths(directory: string, generation: number): HaproxyPaths {
  const own = (ending: string): string => join(directory, `h${generation}.${ending}`)
  const map = (name: string): string => join(directory, `${name}.map`)
  return {
    config: own('cfg'), control: own('sock'), notes: own('notes'), edge: join(directory, 'h.edge'),
    maps: { ports: map('ports'), hosts: map('hosts'), live: map('live'), lanes: map('lanes'), assets: map('assets') },
    term: map('term'),
  }
}

/** The generation that a configuration belongs to; undefined for other files. */
export function generationOf(file: string): number | undefined {
  const found = /^h(\d+)\.cfg$/.exec(file)
  return found === null ? undefined : Number(found[1])
}
