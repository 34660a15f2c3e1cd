import { z } from 'zod'
import { addressSchema } from './instance.ts'

/** One variable of a Unit's environment, with where it came from. */
export const variableSchema = z.object({
  value: z.string(),
  /** For people: `value`, `group "web-env"`, `fromService api.hostport`, `generated`, `plimsoll env set`, `injected`. */
  origin: z.string(),
  /** Never shown, and removed from whatever Plimsoll prints. */
  secret: z.boolean(),
})
export type Variable = z.infer<typeof variableSchema>

/** KEY → variable, for one Service. */
export const environmentSchema = z.record(z.string(), variableSchema)
export type Environment = z.infer<typeof environmentSchema>

/** A database that exists, as its users reach it. */
export const databaseAddressSchema = addressSchema.extend({
  user: z.string(),
  password: z.string(),
  database: z.string(),
})
export type DatabaseAddress = z.infer<typeof databaseAddressSchema>

/** Where the things that a Release is wired to are: what the place knows and the Blueprint cannot. */
export interface Surroundings {
  /** service name → private address of the unit (web, pserv, keyvalue). */
  readonly services: Readonly<Record<string, { readonly host: string; readonly port: number }>>
  /** service name → public URL without trailing slash (web, static). */
  readonly publicUrls: Readonly<Record<string, string>>
  /** database name → address. */
  readonly databases: Readonly<Record<string, DatabaseAddress>>
  /** keyvalue service name → password, if the place sets one. */
  readonly keyValuePasswords: Readonly<Record<string, string>>
  /** `<service>/<KEY>` or `group:<group>/<KEY>` → value: `generateValue` values made once, and what `plimsoll env set` keeps. */
  readonly kept: Readonly<Record<string, string>>
  /** Describes the source, for `RENDER_GIT_*`. */
  readonly git: { readonly commit?: string | undefined; readonly branch?: string | undefined; readonly slug?: string | undefined }
}
