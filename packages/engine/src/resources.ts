import type { AppName, DatabaseAddress, WantedResources } from '@plimsoll/model'

/** Databases and key-value services: what outlives every release. */
export interface Resources {
  /** Makes what is missing and returns where everything is. Twice is once. Throws `DATABASE_DOWN`, `TOOL_MISSING`. */
  ensure(app: AppName, wanted: WantedResources, signal: AbortSignal): Promise<ResourceAddresses>
  /** Drops the app's databases and key-value data for ever. */
  destroy(app: AppName, signal: AbortSignal): Promise<void>
}

export interface ResourceAddresses {
  readonly databases: Readonly<Record<string, DatabaseAddress>>
  readonly keyValues: Readonly<Record<string, { readonly host: string; readonly port: number; readonly password?: string | undefined }>>
}
