import type { AppName, DatabaseAddress, WantedResources } from '@plimsoll/model'

/** Databases, key-value services and disks: what outlives every release. */
export interface Resources {
  /** Makes what is missing and returns where everything is; of disks only whether the place can have them. Twice is once. Throws `DATABASE_DOWN`, `TOOL_MISSING`, `PLACE_CANNOT`. */
  ensure(app: AppName, wanted: WantedResources, signal: AbortSignal): Promise<ResourceAddresses>
  /** Drops the app's databases, key-value data and disks for ever. */
  destroy(app: AppName, signal: AbortSignal): Promise<void>
}

export interface ResourceAddresses {
  readonly databases: Readonly<Record<string, DatabaseAddress>>
  readonly keyValues: Readonly<Record<string, { readonly host: string; readonly port: number; readonly password?: string | undefined }>>
}

/** Databases that begin with what those of another App hold. */
export interface DatabaseClones {
  /**
   * Fills the database `name` of `to`, which is there and empty, with what that of `from` holds at one moment; `from` serves on, and is only read. Once: one that was filled, or holds
   * anything else, is left as it is, and so is one that `from` does not have. Killed anywhere, nothing is in it. Throws `NOT_CLONABLE`, `DATABASE_DOWN`, `DISK_FULL`.
   */
  fill(wanted: { readonly from: AppName; readonly to: AppName; readonly name: string }, signal: AbortSignal): Promise<void>
}

/**
 * Throw-away databases of verifications, by run. Nothing here can be, or become, a database that an App lives on.
 * Each call throws `DATABASE_DOWN`, `DISK_FULL`.
 */
export interface DatabaseCopies {
  /** A new database. A clone costs what copying its files costs: some 50 ms for 10 MB. */
  make(run: string, wanted: WantedCopy, signal: AbortSignal): Promise<DatabaseAddress>
  /** Ends every connection and lets nobody in: it can be cloned then, and whoever uses it sees a database that is away. Twice is once. */
  sever(copy: DatabaseAddress, signal: AbortSignal): Promise<void>
  /** Lets its own role in again. Twice is once. */
  restore(copy: DatabaseAddress, signal: AbortSignal): Promise<void>
  /** Drops one, cutting whoever is connected. Twice is once. */
  drop(copy: DatabaseAddress, signal: AbortSignal): Promise<void>
  /** Drops all that was made for `run`, and the role that owned it. Twice is once. */
  dropAll(run: string, signal: AbortSignal): Promise<void>
}

export interface WantedCopy {
  /** What it is a clone of, which must be severed before; it is empty unless given. */
  readonly template?: DatabaseAddress | undefined
  /** Of PostgreSQL, as the Blueprint wants it, where the place has more than one. That of a clone is its template's. */
  readonly majorVersion?: string | undefined
}
