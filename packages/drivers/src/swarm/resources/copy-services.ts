import { ownerOfCopies, type Address, type AppName } from '@plimsoll/model'
import { createHmac, randomBytes } from 'node:crypto'
import type { CopyServers } from '../../docker/resources/copy-servers.ts'
import { passwordFile, resourceHost, shapes, type ResourceName } from '../../docker/resources/resource-body.ts'
import type { TarEntry } from '../../container/tar.ts'
import { copyServerSpec, type ResourceSpecRequest } from './resource-spec.ts'

export interface CopyServicesParts {
  readonly imageFor: (majorVersion: string | undefined) => string
  /** Makes it unless it is there, and waits until it answers. */
  readonly settle: (wanted: { readonly resource: ResourceName; readonly image: string; readonly file: readonly TarEntry[]; readonly spec: (request: ResourceSpecRequest) => Record<string, unknown> }, signal: AbortSignal) => Promise<void>
  /** Where this machine reaches an address of an app's network. */
  readonly near: (app: AppName, address: Address) => Promise<Address>
  /** Removes everything of an app. */
  readonly destroy: (app: AppName, signal: AbortSignal) => Promise<void>
}

const account = { role: 'plimsoll', database: 'plimsoll' }

/** Servers for the throw-away databases of verifications as services of the cluster, on whichever machine it chooses, in the network that the copies have together. */
export function copyServices({ imageFor, settle, near, destroy }: CopyServicesParts): CopyServers {
  // Whoever sweeps what another process left only removes, and needs no password.
  const key = randomBytes(32)
  return {
    async open(run, majorVersion, signal) {
      const password = createHmac('sha256', key).update(run).digest('base64url')
      const resource: ResourceName = { app: ownerOfCopies(run), kind: 'database', name: `copies ${majorVersion ?? ''}`.trim() }
      await settle({ resource, image: imageFor(majorVersion), file: passwordFile(password), spec: (request) => copyServerSpec(request, account) }, signal)
      const address = { host: resourceHost(resource), port: shapes.database.port }
      return { address, superuser: { ...(await near(resource.app, address)), user: account.role, password, database: account.database } }
    },
    remove: async (run, signal) => destroy(ownerOfCopies(run), signal),
  }
}
