import { z } from 'zod'

/**
 * Names are short, lower-case and safe in a path, a host name, an SQL literal
 * and a log line, because each of them ends up in all four.
 */
const slug = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

export const appNameSchema = z.string().regex(slug).brand<'AppName'>()
export type AppName = z.infer<typeof appNameSchema>

/** A Service's name as its Blueprint spells it: Render publishes no pattern, so spaces and capitals are legal. */
export const serviceNameSchema = z.string().min(1).max(200).brand<'ServiceName'>()
export type ServiceName = z.infer<typeof serviceNameSchema>

/** Counts up from 1 within an App and is never used again, also when the Release failed. */
export const releaseNumberSchema = z.number().int().positive().brand<'ReleaseNumber'>()
export type ReleaseNumber = z.infer<typeof releaseNumberSchema>

/** `<app>-<service slug>-r<release>`: one Service of one Release, wherever it runs. */
export const unitNameSchema = z.string().regex(/^[a-z0-9-]+-r[0-9]+$/).brand<'UnitName'>()
export type UnitName = z.infer<typeof unitNameSchema>

/** Where an App can live, by what runs its Units there. */
export const driverNames = ['process', 'docker', 'swarm', 'render'] as const
export const driverNameSchema = z.enum(driverNames)
export type DriverName = z.infer<typeof driverNameSchema>

/** `sha256:` and 64 hexadecimal digits. */
export const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/).brand<'Digest'>()
export type Digest = z.infer<typeof digestSchema>

/** The form of `text` that is allowed in paths and host names; empty input gives `x`. */
export function slugOf(text: string): string {
  const body = text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '')
  return body === '' ? 'x' : body
}

/** The one name under which a Service of a Release is known to drivers and to the edge. */
export function unitName(app: AppName, service: ServiceName, release: ReleaseNumber): UnitName {
  return unitNameSchema.parse(`${app}-${slugOf(service)}-r${release}`)
}
