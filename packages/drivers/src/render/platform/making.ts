import type { RenderKeyValueChange, RenderNewKeyValue, RenderNewPostgres, RenderPostgresChange } from '../api/data-stores.ts'
import type { RenderDiskChange, RenderNewDisk } from '../api/disks.ts'
import type { RenderEnvironmentSettings, RenderMembers, RenderNewEnvironment, RenderNewProject } from '../api/environments.ts'
import type { RenderAutoscaling, RenderNewService, RenderServiceChange } from '../api/service-schemas.ts'
import type { RenderHeader, RenderRoute } from '../api/static-sites.ts'
import type { RenderNewGroup } from '../api/variable-groups.ts'

/** What is sent to make one change: bodies with secrets in them, for the moment between survey and sending. */
export type Making =
  | { readonly make: 'create-database'; readonly body: RenderNewPostgres }
  | { readonly make: 'update-database'; readonly id: string; readonly body: RenderPostgresChange }
  | { readonly make: 'create-keyvalue'; readonly body: RenderNewKeyValue }
  | { readonly make: 'update-keyvalue'; readonly id: string; readonly body: RenderKeyValueChange }
  | { readonly make: 'create-project'; readonly body: RenderNewProject }
  | { readonly make: 'create-environment'; readonly body: RenderNewEnvironment }
  | { readonly make: 'update-environment'; readonly id: string; readonly body: RenderEnvironmentSettings }
  | { readonly make: 'add-members'; readonly members: RenderMembers }
  | { readonly make: 'remove-members'; readonly members: RenderMembers }
  | { readonly make: 'create-group'; readonly body: RenderNewGroup }
  | { readonly make: 'put-group-variable'; readonly groupId: string; readonly key: string; readonly value: string }
  | { readonly make: 'create-service'; readonly body: RenderNewService }
  | { readonly make: 'update-service'; readonly id: string; readonly body: RenderServiceChange | undefined; readonly instances: number | undefined }
  | { readonly make: 'set-autoscaling'; readonly serviceId: string; readonly autoscaling: RenderAutoscaling }
  | { readonly make: 'create-disk'; readonly body: RenderNewDisk }
  | { readonly make: 'update-disk'; readonly id: string; readonly body: RenderDiskChange }
  | { readonly make: 'add-domain'; readonly serviceId: string; readonly domain: string }
  | { readonly make: 'put-variable'; readonly serviceId: string; readonly key: string; readonly value: string }
  | { readonly make: 'link-group'; readonly groupId: string; readonly serviceId: string }
  | { readonly make: 'set-routes'; readonly serviceId: string; readonly routes: readonly RenderRoute[] }
  | { readonly make: 'set-headers'; readonly serviceId: string; readonly headers: readonly RenderHeader[] }
