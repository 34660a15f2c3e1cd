import type { z } from 'zod'
import type { configSchema } from './config-schema.ts'

/** What `plimsoll.config.ts` says. All of it may be left out. */
export type UserConfig = z.input<typeof configSchema>

/** Gives back what it is given, so that an editor knows what may be written there. It is checked when it is read. */
export function defineConfig(config: UserConfig): UserConfig {
  return config
}
