import type { Blueprint, WantedResources } from '@plimsoll/model'

/**
 * What must exist before a release can be wired: the databases, key-value services and disks, in the Blueprint's order.
 * Read replicas are not among them: outside Render a replica is its primary.
 */
export function wantedResources(blueprint: Blueprint): WantedResources {
  const disks = blueprint.services.flatMap(({ name: service, disk }) => (disk === undefined ? [] : [{ service, name: disk.name }]))
  return {
    ...(disks.length > 0 && { disks }),
    databases: blueprint.databases.map(({ name, databaseName, user, plan, postgresMajorVersion: majorVersion }) => ({ name, databaseName, user, plan, majorVersion })),
    keyValues: blueprint.services
      .filter(({ kind }) => kind === 'keyvalue')
      .map(({ name, plan, maxmemoryPolicy, persistenceMode }) => ({ name, plan, maxmemoryPolicy, persistenceMode })),
  }
}
