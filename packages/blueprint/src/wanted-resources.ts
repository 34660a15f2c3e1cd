import type { Blueprint, WantedResources } from '@plimsoll/model'

/**
 * What must exist before a release can be wired: the databases and key-value services, in the Blueprint's order.
 * Read replicas are not among them: outside Render a replica is its primary.
 */
export function wantedResources(blueprint: Blueprint): WantedResources {
  return {
    databases: blueprint.databases.map(({ name, databaseName, user, plan, postgresMajorVersion: majorVersion }) => ({ name, databaseName, user, plan, majorVersion })),
    keyValues: blueprint.services
      .filter(({ kind }) => kind === 'keyvalue')
      .map(({ name, plan, maxmemoryPolicy, persistenceMode }) => ({ name, plan, maxmemoryPolicy, persistenceMode })),
  }
}
