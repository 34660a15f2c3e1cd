import { isPlimsollError, type AppName, type Blueprint, type HookTask } from '@plimsoll/model'
import type { KeptHook } from '@plimsoll/store'
import { previewedBlueprint } from '../previews/previewed-blueprint.ts'
import { verifyPull, type HookParts } from './do-task.ts'

type PreviewTask = Extract<HookTask, { do: 'preview' }>

/** What came of a task; `why`: for people. */
interface Came {
  readonly why?: string
  readonly release?: number
  readonly verification?: string
}

/**
 * Makes a preview of what a pull request holds now, where what is live says so, and verifies it besides where that is wanted. That there is no preview is said and is no failure; a
 * verification that has to be made is made all the same.
 */
export async function previewPull(parts: HookParts, { hook, task }: { readonly hook: KeptHook; readonly task: PreviewTask }, signal: AbortSignal): Promise<Came> {
  const preview = await previewed(parts, { hook, task }, signal)
  if (!task.alsoVerify) return preview
  const { verification, why } = await verifyPull(parts, { hook, pull: task.pull }, signal)
  return { verification, why: [why, ...(preview.why === undefined ? [] : [preview.why])].join('; ') }
}

async function previewed(parts: HookParts, { hook: { hook: { app } }, task }: { readonly hook: KeptHook; readonly task: PreviewTask }, signal: AbortSignal): Promise<Came> {
  const { services, previews } = parts
  const generation = await generationOf(parts, app)
  // Where there are no previews, nobody wants to read so of each verification.
  if (generation === 'off' && task.alsoVerify) return {}
  const whyNot = await whyNoPreview(parts, { app, task, generation })
  if (whyNot !== undefined) return { why: `no preview: ${whyNot}` }
  try {
    const { app: made, number } = await previews.create({ of: app, pull: task.pull }, signal)
    return { why: `preview ${made}, release ${number}` }
  } catch (error) {
    signal.throwIfAborted()
    if (!isPlimsollError(error) || !task.alsoVerify) throw error
    return { why: services.secrets.redact(`no preview: ${error.message}`) }
  }
}

interface Asked {
  readonly app: AppName
  readonly task: PreviewTask
  readonly generation: Generation
}

type Generation = NonNullable<NonNullable<Blueprint['previews']>['generation']>

async function generationOf({ services }: HookParts, app: AppName): Promise<Generation> {
  const record = await services.store.apps.find(app)
  return (record && (await previewedBlueprint(services, record))?.previews?.generation) ?? 'off'
}

/** What decides is the Blueprint that is live, and what an admin has settled: nothing that a pull request brings along. */
async function whyNoPreview({ services }: HookParts, { app, task: { asked, isFork }, generation }: Asked): Promise<string | undefined> {
  if (generation === 'off') return 'the Blueprint that is live has no previews.generation'
  if (asked === 'unwanted') return 'its title says so'
  if (generation === 'manual' && asked !== 'wanted') return 'previews.generation is manual, and neither its title nor a label asks for one'
  if (isFork && !(await services.store.previews.settings(app)).forks) return 'it comes from a fork, and a stranger’s code does not get what the databases hold'
  return undefined
}

/** Ends the preview of a pull request, if it has one. */
export async function endPreviewOf({ services, previews }: HookParts, { hook: { hook: { app } }, pull }: { readonly hook: KeptHook; readonly pull: number }): Promise<Came> {
  const found = (await services.store.previews.list(app)).find((each) => each.pull === pull)
  if (found === undefined) return { why: 'it had no preview' }
  await previews.end(found.app)
  return { why: `preview ${found.app} is ended` }
}
