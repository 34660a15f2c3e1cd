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
  /** Given where the place moves traffic by itself: services go back one after the other, each by a deploy of its own. Nothing is warm there. */
  inPlace: z.object({ /** What that leaves as it is, in whole sentences. */ leaves: z.array(z.string()) }).optional(),
})
export type RollbackPlan = z.infer<typeof rollbackPlanSchema>

/** How many of the commands are named. */
const namedCommands = 3

/** The plan in plain sentences, in the order in which a worried person asks. */
export function rollbackSentences(plan: RollbackPlan): string[] {
  return plan.inPlace === undefined ? byTheEdge(plan) : inPlaceSentences(plan, plan.inPlace)
}

function byTheEdge(plan: RollbackPlan): string[] {
  const { from, to, warm, warmUntil, services } = plan
  const named = (is: Fate, kinds: (kind: string) => boolean): string => namedIn(services.filter(({ kind }) => kinds(kind)), is)
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

function inPlaceSentences(plan: RollbackPlan, { leaves }: NonNullable<RollbackPlan['inPlace']>): string[] {
  const { from, to, services } = plan
  const [changing, staying, returning, going] = [namedIn(services, 'changes'), namedIn(services, 'stays'), namedIn(services, 'returns'), namedIn(services, 'goes')]
  return [
    'Nothing is built: each service is rolled back by a deploy of its own, one after the other. Until the last one is back, services of both releases serve together.',
    ...(changing === '' ? [] : [`Goes back: ${changing}.`]),
    ...(staying === '' ? [] : [`Stays as it is, because it runs that already: ${staying}.`]),
    ...(returning === '' ? [] : [`Only in release ${to}, and goes back to what it ran then: ${returning}.`]),
    ...(going === '' ? [] : [`Only in release ${from}, and runs on, because nothing stops it there: ${going}.`]),
    ...leaves.map((sentence) => `${sentence}.`),
    'Auto-deploy is switched off for what goes back: the next push would deploy again what is gone back from.',
    schemaSentence(plan),
    `Should a service not come up again, or not answer where people reach it, all go forward again to release ${from}.`,
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

type Fate = RollbackPlan['services'][number]['is']

function namedIn(services: RollbackPlan['services'], fate: Fate): string {
  return services.filter(({ is }) => is === fate).map(({ service }) => service).join(', ')
}

function clockTime(at: string): string {
  return `${at.slice(11, 16)} UTC`
}
