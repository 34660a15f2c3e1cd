import { z } from 'zod'
import type { Creator } from './create-once.ts'
import type { RenderLine } from './render-line.ts'
import { notedPrefix, pathOf } from './render-request.ts'

const renderDiskSchema = z.looseObject({ id: z.string(), name: z.string(), sizeGB: z.number(), mountPath: z.string() })
export type RenderDisk = z.infer<typeof renderDiskSchema>

export interface RenderNewDisk {
  readonly name: string
  readonly sizeGB: number
  readonly mountPath: string
  readonly serviceId: string
}
export type RenderDiskChange = Partial<Omit<RenderNewDisk, 'serviceId'>>

/** Disks of services that are there already; that of a new one is made with it. */
export interface RenderDisks {
  /** A lost answer makes no second one. */
  create(wanted: RenderNewDisk, signal: AbortSignal): Promise<RenderDisk>
  /** Only what is named is changed. Render makes no disk smaller. */
  update(id: string, change: RenderDiskChange, signal: AbortSignal): Promise<RenderDisk>
}

export function createDisks(line: RenderLine, creator: Creator): RenderDisks {
  const entry = z.object({ cursor: z.string(), disk: renderDiskSchema })
  return {
    create: (wanted, signal) => creator.create<RenderDisk, RenderDisk>({
      alike: `disk ${wanted.serviceId}`,
      list: async (until) => (await line.list(entry, { path: '/disks', query: { serviceId: [wanted.serviceId] }, to: `list the disks of ${wanted.serviceId}` }, until)).map(({ disk }) => disk),
      answerOf: (disk) => disk,
      write: { path: '/disks', to: `create the disk ${wanted.name}`, body: wanted, answer: renderDiskSchema, pretended: { ...wanted, id: `${notedPrefix}dsk` } },
    }, signal),
    update: (id, change, signal) => line.write({
      method: 'PATCH', path: pathOf('disks', id), body: change, to: `change the disk ${id}`, answer: renderDiskSchema, pretended: { name: '', sizeGB: 0, mountPath: '', ...change, id },
    }, signal),
  }
}
