import { z } from 'zod'
import { digestSchema, appNameSchema, releaseNumberSchema, serviceNameSchema } from './names.ts'
import { releaseChangesSchema } from './release-changes.ts'

/** One variable that is not the same in two places, beside addresses, which never are: names, and never values. */
export const placeDifferenceSchema = z.object({
  service: serviceNameSchema,
  key: z.string(),
  /** `missing`: the place that it goes to has no value, and its release would be refused. `own`: Plimsoll makes one for each place. */
  is: z.enum(['different', 'missing', 'own']),
  /** Where a value is set, for one that people give. */
  keptAs: z.string(),
})
export type PlaceDifference = z.infer<typeof placeDifferenceSchema>

/** What a promotion would put live: the very artifacts of a release that is live elsewhere. */
export const promotionPlanSchema = z.object({
  app: appNameSchema,
  from: z.object({ app: appNameSchema, release: releaseNumberSchema }),
  commit: z.string(),
  subject: z.string().optional(),
  /** From what is live where it goes to. */
  commits: releaseChangesSchema.shape.commits,
  artifacts: z.array(z.object({ service: serviceNameSchema, digest: digestSchema, /** Whether the live release of the app runs the same. */ isLive: z.boolean() })),
  variables: z.array(placeDifferenceSchema),
})
export type PromotionPlan = z.infer<typeof promotionPlanSchema>

/** What a promotion is about to do, in plain sentences for whoever decides. */
export function promotionSentences({ from, artifacts, variables }: PromotionPlan): string[] {
  const changed = artifacts.filter(({ isLive }) => !isLive)
  return [
    `Nothing is built: ${changed.length === 0 ? 'all artifacts are live already' : `${changed.map(({ service, digest }) => `${service} ${digest.slice(0, 'sha256:'.length + 12)}`).join(', ')} ${changed.length === 1 ? 'is what runs' : 'are what run'} in release ${from.release} of ${from.app}`}.`,
    ...sentence(variables, 'different', 'Different from there'),
    ...sentence(variables, 'own', 'Made by Plimsoll for each place'),
    ...sentence(variables, 'missing', 'Without a value here'),
    ...(variables.length === 0 ? ['Every variable that people give is the same as there.'] : []),
  ]
}

function sentence(variables: PromotionPlan['variables'], is: PromotionPlan['variables'][number]['is'], words: string): string[] {
  const names = variables.filter((each) => each.is === is).map(({ service, key }) => `${key} of ${service}`)
  return names.length === 0 ? [] : [`${words}: ${names.join(', ')}.`]
}
