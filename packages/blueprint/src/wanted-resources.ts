import type { Blueprint } from '@plimsoll/model'

/** The databases and key-value services of a Blueprint; the engine's `WantedResources` has the same shape. */
export interface BlueprintResources {
  readonly databases: readonly {
    readonly name: string
    readonly databaseName?: string | undefined
    readonly user?: string | undefined
    readonly plan?: string | undefined
    /** Of PostgreSQL: `"16"`. */
    readonly majorVersion?: string | undefined
  }[]
  readonly keyValues: readonly { readonly name: string; readonly plan?: string | undefined; readonly maxmemoryPolicy?: string | undefined; readonly persistenceMode?: string | undefined }[]
}

/**
 * What must exist before a release can be wired: the databases and key-value services, in the Blueprint's order.
 * Read replicas are not among them: outside Render a replica is its primary.
 */
export function wantedResources(blueprint: Blueprint): BlueprintResources {
  return {
    databases: blueprint.databases.map(({ name, databaseName, user, plan, postgresMajorVersion: majorVersion }) => ({ name, databaseName, user, plan, majorVersion })),
    keyValues: blueprint.services
      .filter(({ kind }) => kind === 'keyvalue')
      .map(({ name, plan, maxmemoryPolicy, persistenceMode }) => ({ name, plan, maxmemoryPolicy, persistenceMode })),
  }
}
