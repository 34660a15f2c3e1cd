import { type AppName, type Holds, holdsSchema, trafficSchema } from '@plimsoll/model'
import { z } from 'zod'
import { type Table, tableOf } from './table.ts'

/** A table as data: what is written down, and what a process that follows another one is told. */
export const servedSchema = z.object({
  apps: z.array(trafficSchema),
  /** Left out where no app is held, as those who know of no holds write it. */
  holds: z.record(z.string(), holdsSchema).optional(),
})
export type Served = z.infer<typeof servedSchema>

export function servedIn({ apps, holds }: Table): Served {
  return { apps: [...apps.values()], ...(holds.size > 0 && { holds: Object.fromEntries(holds) }) }
}

export function tableFrom({ apps, holds = {} }: Served): Table {
  return tableOf(apps, new Map(Object.entries(holds) as [AppName, Holds][]))
}
