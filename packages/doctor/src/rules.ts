import { rulesOfBlueprint } from './blueprint-findings.ts'
import type { Rule } from './rule.ts'
import { bindHost } from './rules/bind-host.ts'
import { buildFilterAbsent } from './rules/build-filter-absent.ts'
import { buildFilterDead } from './rules/build-filter-dead.ts'
import { buildFilterShared } from './rules/build-filter-shared.ts'
import { buildMemory } from './rules/build-memory.ts'
import { diskBuild } from './rules/disk-build.ts'
import { dockerCommandWrap } from './rules/docker-command-wrap.ts'
import { doubledPath } from './rules/doubled-path.ts'
import { encoding } from './rules/encoding.ts'
import { fastifyCliGrace } from './rules/fastify-cli-grace.ts'
import { fastifyClose } from './rules/fastify-close.ts'
import { filterWithoutDependencies } from './rules/filter-without-dependencies.ts'
import { globalInstall } from './rules/global-install.ts'
import { healthPathDatabase } from './rules/health-path-database.ts'
import { healthPathMissing } from './rules/health-path-missing.ts'
import { healthPathSheds } from './rules/health-path-sheds.ts'
import { healthPathUnknown } from './rules/health-path-unknown.ts'
import { imageTag } from './rules/image-tag.ts'
import { jobsInWeb } from './rules/jobs-in-web.ts'
import { keepAliveNext } from './rules/keep-alive-next.ts'
import { keepAliveShort } from './rules/keep-alive-short.ts'
import { lockfile } from './rules/lockfile.ts'
import { memoryStore } from './rules/memory-store.ts'
import { migrationPlace } from './rules/migration-place.ts'
import { nextCacheInstances } from './rules/next-cache-instances.ts'
import { nextDeploymentId } from './rules/next-deployment-id.ts'
import { nextHostname } from './rules/next-hostname.ts'
import { nextManualSignals } from './rules/next-manual-signals.ts'
import { nextPublicBuild } from './rules/next-public-build.ts'
import { nextStandaloneAssets } from './rules/next-standalone-assets.ts'
import { nextStandaloneNested } from './rules/next-standalone-nested.ts'
import { nextStandaloneOutput } from './rules/next-standalone-output.ts'
import { nextTracingRoot } from './rules/next-tracing-root.ts'
import { nodePin } from './rules/node-pin.ts'
import { packageManagerPin } from './rules/package-manager-pin.ts'
import { pathMissing } from './rules/path-missing.ts'
import { portFixed } from './rules/port-fixed.ts'
import { portHardCoded } from './rules/port-hard-coded.ts'
import { rootDirWorkspace } from './rules/root-dir-workspace.ts'
import { serverActionsKey } from './rules/server-actions-key.ts'
import { signalHandler } from './rules/signal-handler.ts'
import { startThroughManager } from './rules/start-through-manager.ts'
import { trustProxy } from './rules/trust-proxy.ts'
import { turboEnv } from './rules/turbo-env.ts'

/** What needs more than the Blueprint's own package knows: a repository, or advice about a place and its programs. */
export const rulesOfRepository: readonly Rule[] = [
  encoding,
  // The commands and settings of a Blueprint.
  dockerCommandWrap, globalInstall, imageTag, diskBuild, migrationPlace, healthPathMissing, portFixed, startThroughManager,
  // The workspace.
  pathMissing, doubledPath, rootDirWorkspace, filterWithoutDependencies, buildFilterShared, buildFilterDead, buildFilterAbsent, lockfile, packageManagerPin, nodePin,
  // Next.js.
  healthPathUnknown, healthPathDatabase, healthPathSheds, nextHostname, nextStandaloneOutput, nextStandaloneAssets, nextStandaloneNested, nextTracingRoot, nextCacheInstances, nextDeploymentId, nextPublicBuild, nextManualSignals, serverActionsKey, turboEnv, keepAliveNext, buildMemory,
  // Fastify.
  bindHost, portHardCoded, signalHandler, fastifyCliGrace, fastifyClose, trustProxy, memoryStore, jobsInWeb, keepAliveShort,
]

/** Every rule, in the order of the documentation. */
export const rules: readonly Rule[] = [...rulesOfBlueprint, ...rulesOfRepository]
