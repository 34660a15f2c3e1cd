import { createCreator } from './create-once.ts'
import { createDatabases, createKeyValues, type RenderDatabases, type RenderKeyValues } from './data-stores.ts'
import { createDisks, type RenderDisks } from './disks.ts'
import { createDeploys, type RenderDeploys } from './deploys.ts'
import { createEnvironments, type RenderEnvironments } from './environments.ts'
import { createEvents, type RenderEvents } from './events.ts'
import { createJobs, type RenderJobs } from './jobs.ts'
import { createLogs, type RenderLogs } from './logs.ts'
import { createOwners, type RenderOwners } from './owners.ts'
import { createCredentials, type RenderCredentials } from './registry-credentials.ts'
import { openRenderLine, type RenderLineOptions } from './render-line.ts'
import { createServices, type RenderServices } from './services.ts'
import { createSites, type RenderSites } from './static-sites.ts'
import { createGroups, type RenderGroups } from './variable-groups.ts'
import { createVariables, type RenderVariables } from './variables.ts'

export type RenderApiOptions = RenderLineOptions

/**
 * Render's REST API, as far as a release needs it. Requests are paced by what Render allows, and are repeated while Render is unwell where
 * that does no harm; what is created is created once, also when an answer was lost. Every call throws `RENDER_DOWN`, `RENDER_REFUSED`,
 * `PLACE_CANNOT` where Render wants to be paid first, and the signal's reason as soon as that fires. With `note` nothing is changed: writes
 * are noted, and answered with what they would come to, under ids that begin with `noted-`, of which nothing is found.
 */
export interface RenderApi {
  readonly owners: RenderOwners
  readonly services: RenderServices
  readonly variables: RenderVariables
  readonly groups: RenderGroups
  readonly databases: RenderDatabases
  readonly keyValues: RenderKeyValues
  readonly deploys: RenderDeploys
  readonly events: RenderEvents
  readonly jobs: RenderJobs
  readonly logs: RenderLogs
  readonly sites: RenderSites
  readonly disks: RenderDisks
  readonly environments: RenderEnvironments
  readonly credentials: RenderCredentials
}

/** Asks nothing until it is called. One client a key and process, or they know nothing of each other's pace. */
export function createRenderApi(options: RenderApiOptions): RenderApi {
  const line = openRenderLine(options)
  const creator = createCreator(line)
  return {
    owners: createOwners(line),
    services: createServices(line, creator),
    variables: createVariables(line),
    groups: createGroups(line, creator),
    databases: createDatabases(line, creator),
    keyValues: createKeyValues(line, creator),
    deploys: createDeploys(line, creator),
    events: createEvents(line),
    jobs: createJobs(line, creator),
    logs: createLogs(line),
    sites: createSites(line),
    disks: createDisks(line, creator),
    environments: createEnvironments(line, creator),
    credentials: createCredentials(line),
  }
}
