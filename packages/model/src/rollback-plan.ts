import { z } from 'zod'
import { appNameSchema, releaseNumberSchema, serviceNameSchema } from './names.ts'
import { serviceKinds } from './unit-spec.ts'

/** What going back would do, and what it would not. */
export const rollbackPlanSchema = z.object({
  app: appNameSchema,
  /** The release that serves now, and the one that would serve. */
  from: releaseNumberSchema,
  to: releaseNumberSchema,
  /** Whether it still runs beside the live one; else it is started first, from what was built. */
  warm: z.boolean(),
  /** Until when it is kept running. */
  warmUntil: z.iso.datetime().optional(),
  services: z.array(z.object({
    service: serviceNameSchema,
    kind: z.enum(serviceKinds),
    /** `stays`: both releases share it. `returns`, `goes`: only the one that would serve, or only the one that serves, has it. */
    is: z.enum(['changes', 'stays', 'returns', 'goes']),
  })),
  /** Pre-deploy commands that have run since `to` was made, also by releases that failed: what they did stays done. */
  preDeploy: z.array(z.object({ release: releaseNumberSchema, service: serviceNameSchema, command: z.string() })),
  /** Releases since `to` whose schema change cannot overlap: those before them do not run on what it left. */
  paused: z.array(releaseNumberSchema),
})
export type RollbackPlan = z.infer<typeof rollbackPlanSchema>

/** How many of the commands are named. */
const namedCommands = 3

/** The plan in plain sentences, in the order in which a worried person asks. */
export function rollbackSentences(plan: RollbackPlan): string[] {
  const { from, to, warm, warmUntil, services } = plan
  const named = (is: RollbackPlan['services'][number]['is'], kinds: (kind: string) => boolean): string => listed(services.filter((each) => each.is === is && kinds(each.kind)).map(({ service }) => service))
  const [changing, staying] = [named('changes', isServed), named('stays', () => true)]
  const [workers, crons] = [named('changes', (kind) => kind === 'worker'), named('changes', (kind) => kind === 'cron')]
  const [returning, going] = [named('returns', () => true), named('goes', () => true)]
  return [
    warm
      ? `Release ${to} still runs${warmUntil === undefined ? '' : ` (until ${clockTime(warmUntil)})`}: all traffic goes to it in one instant.`
      : `Release ${to} runs no longer: it is started from what was built and checked for health, and only then does all traffic go to it in one instant.`,
    ...(changing === '' ? [] : [`Changes: ${changing}.`]),
    ...(staying === '' ? [] : [`Stays as it is, because both releases share it: ${staying}.`]),
    ...(workers === '' ? [] : [`Work is handed back: ${workers} of release ${from} finishes what it holds and ends, then that of release ${to} starts.`]),
    ...(crons === '' ? [] : [`On schedule from then on as in release ${to}: ${crons}.`]),
    ...(returning === '' ? [] : [`Only in release ${to}, and starts again: ${returning}.`]),
    ...(going === '' ? [] : [`Only in release ${from}, and serves no longer: ${going}.`]),
    schemaSentence(plan),
    `Release ${from} stays warm, so that you can return to it the same way.`,
  ]
}

function isServed(kind: string): boolean {
  return kind !== 'worker' && kind !== 'cron'
}

function schemaSentence({ to, preDeploy, paused }: RollbackPlan): string {
  const [breaking] = paused
  if (breaking !== undefined) return `Beware: release ${breaking} was released with a pause, because releases before it cannot run on its schema. No database is changed back, so release ${to} will meet a schema that it was not made for.`
  if (preDeploy.length === 0) return `No database is changed: no pre-deploy command has run since release ${to}, so its schema is the one that it knows.`
  const first = preDeploy.slice(0, namedCommands).map(({ release, service, command }) => `${service} in release ${release} (${command})`)
  const more = preDeploy.length > namedCommands ? ` and ${preDeploy.length - namedCommands} more` : ''
  return `No database is changed back: what pre-deploy commands have done since release ${to} stays done (${first.join(', ')}${more}), and release ${to} runs on the schema as it is now.`
}

function listed(names: readonly string[]): string {
  return names.join(', ')
}

function clockTime(at: string): string {
  return `${at.slice(11, 16)} UTC`
}
