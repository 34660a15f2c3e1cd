import { z } from 'zod'
import { branchSchema } from './hook.ts'
import { previewDataSchema, previewSchema, previewSettingsSchema } from './preview.ts'
import { route } from './route.ts'
import { sentSourceSchema } from './sent-source.ts'

const createSchema = z.strictObject({
  /** Its newest commit: in the repository that GitHub tells of, where one is settled and nothing was sent; else in that which the App was released from. */
  branch: branchSchema.optional(),
  /** What the pull request of this number holds now, in the repository that GitHub tells of. */
  pull: z.number().int().positive().optional(),
  /** The commit of `branch`, where it was sent. */
  source: sentSourceSchema.optional(),
  /** As the App's settings say unless given; one that is there already keeps what it has. */
  data: previewDataSchema.optional(),
}).refine(({ branch, pull }) => (branch === undefined) !== (pull === undefined), 'names a branch or a pull request, and one of them')

/** `null`: it does not end by itself. */
const expirySchema = z.strictObject({ days: z.number().int().min(1).max(365).nullable() })

const endedSchema = z.object({ app: previewSchema.shape.app, of: previewSchema.shape.of })

/** Throw-away apps from pull requests: a part of the contract. */
export const previewContract = {
  listPreviews: route({ method: 'GET', path: '/v1/apps/:app/previews', summary: 'Its previews, newest first', needs: 'viewer', reply: z.array(previewSchema) }),
  createPreview: route({ method: 'POST', path: '/v1/apps/:app/previews', summary: 'Make a preview from a branch or a pull request, or release its newest commit in the one that is there', needs: 'releaser', body: createSchema, reply: previewSchema, noted: ({ branch, pull, data }) => ({ branch, pull, data }) }),
  showPreview: route({ method: 'GET', path: '/v1/apps/:app/previews/:preview', summary: 'One of its previews', needs: 'viewer', reply: previewSchema }),
  keepPreview: route({ method: 'PUT', path: '/v1/apps/:app/previews/:preview/expiry', summary: 'Let a preview end so many days from now, or not by itself', needs: 'releaser', body: expirySchema, reply: previewSchema, noted: ({ days }) => ({ days }) }),
  endPreview: route({ method: 'DELETE', path: '/v1/apps/:app/previews/:preview', summary: 'End a preview: its units, databases, values and addresses are gone for ever, and nothing of the app', needs: 'releaser', reply: endedSchema }),
  showPreviewSettings: route({ method: 'GET', path: '/v1/apps/:app/preview-settings', summary: 'How its previews are made', needs: 'viewer', reply: previewSettingsSchema }),
  setPreviewSettings: route({ method: 'PUT', path: '/v1/apps/:app/preview-settings', summary: 'Settle how its previews are made from now on', needs: 'admin', body: previewSettingsSchema, reply: previewSettingsSchema, noted: (settings) => ({ ...settings }) }),
} as const
