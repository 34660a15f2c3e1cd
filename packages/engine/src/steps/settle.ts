import { PlimsollError, serviceNameSchema } from '@plimsoll/model'
import { z } from 'zod'
import { changeText, isSameChange, type Change } from '../in-place/change.ts'
import { say, type InPlaceContext } from '../in-place/in-place-context.ts'
import type { Survey } from '../in-place/platform.ts'
import { wantedThere } from '../in-place/wanted-there.ts'
import type { Step } from '../step.ts'
import type { Planned } from './plan.ts'
import type { Surveyed } from './survey.ts'

export interface Settled {
  /** Services that have to be deployed for what was changed. */
  readonly touched: readonly string[]
  /** service → its newest deploy when all was settled: what comes after it belongs to this release. */
  readonly marks: Readonly<Record<string, string | null>>
}

/** What refers to something that is made first can be told in the next round, and what refers to that in the one after. */
const mostRounds = 5

/**
 * Makes and changes services, databases, groups and variables until nothing differs. Its undo changes nothing back: what a variable
 * was is a secret that is not kept, and what was made may hold data by now. A service that is gone back to runs with the variables
 * of its old deploy; the undo says what stays, and sees to it that no push deploys half a change.
 */
export const settle: Step<InPlaceContext, Planned & Surveyed, Settled> = {
  name: 'settle',
  title: 'Make ready what it runs on',
  gives: z.object({ touched: z.array(z.string()), marks: z.record(z.string(), z.string().nullable()) }),
  async run(context, state) {
    const { made, environments } = await settleAll(context, () => surveyed(context, state))
    // By now every reference leads somewhere.
    await context.memory.note(environments)
    const { app, platform, signal } = context
    const services = state.specs.map(({ service }) => service)
    const stands = await platform.stands(app, services, signal)
    // Of a run that died half-way, only the survey before it tells what it had changed.
    const touched = new Set([...state.changes, ...made].flatMap((change) => change.services))
    return { touched: [...touched], marks: Object.fromEntries(services.map((service) => [service, stands[service]?.newest ?? null])) }
  },
  async undo(context, state) {
    const { changes } = await surveyed(context, state)
    const stay = state.changes.filter((change) => !changes.some((open) => isSameChange(open.change, change)))
    for (const change of stay) say(context, `Stays as this release left it: it ${changeText(change)}`)
    for (const service of new Set(stay.flatMap((change) => change.services))) await hold(context, service)
  },
}

function surveyed(context: InPlaceContext, planned: Planned): Promise<Survey> {
  return context.platform.survey(wantedThere(context, planned), context.signal)
}

interface Settling extends Pick<Survey, 'environments'> {
  readonly made: Change[]
}

async function settleAll(context: InPlaceContext, look: () => Promise<Survey>): Promise<Settling> {
  const made: Change[] = []
  for (let round = 1; round <= mostRounds; round += 1) {
    const { changes, environments } = await look()
    if (changes.length === 0) return { made, environments }
    if (changes.every(({ change }) => isUnshown(change, made))) return { made: tellUnshown(context, changes, made), environments }
    for (const prepared of changes) {
      await context.platform.apply(prepared, context.signal)
      made.push(prepared.change)
      say(context, `It ${changeText(prepared.change)}: done`)
    }
  }
  const { changes, environments } = await look()
  if (changes.length === 0) return { made, environments }
  throw new PlimsollError('CHANGED_MEANWHILE', `What was changed ${mostRounds} times still differs: it ${changes.map(({ change }) => changeText(change)).join('; it ')}`, {
    hint: 'Somebody or something else changes it too: see who has deployed there, and release again.',
  })
}

/** A setting that was taken and is not shown is not asked for again and again: a platform need not show all that it knows. A variable it does show. */
function isUnshown(change: Change, made: readonly Change[]): boolean {
  return change.what !== 'variable' && change.is === 'update' && made.some((before) => isSameChange(before, change))
}

function tellUnshown(context: InPlaceContext, changes: Survey['changes'], made: Change[]): Change[] {
  for (const { change } of changes) say(context, `It ${changeText(change)}: that was taken, and is not shown as set there`)
  return made
}

async function hold(context: InPlaceContext, name: string): Promise<void> {
  const service = serviceNameSchema.parse(name)
  if (await context.platform.holdAutoDeploy({ app: context.app, service }, context.signal)) say(context, 'Its auto-deploy is off now, so that no push deploys half of a release', service)
}
