import type { Hook, HookTask } from '@plimsoll/model'
import { z } from 'zod'

/** What an event comes to: something to do, or why nothing is done. `about`: for people. */
export interface ReadEvent {
  readonly about: string
  readonly task: HookTask | undefined
  readonly why: string | undefined
}

const repository = z.object({ full_name: z.string() })
const pushSchema = z.object({ ref: z.string(), deleted: z.boolean().default(false), repository })
const pullSchema = z.object({ action: z.string(), number: z.number().int().positive(), repository, pull_request: z.object({ state: z.string().default('open'), title: z.string().default(''), labels: z.array(z.object({ name: z.string() })).default([]), base: z.object({ ref: z.string() }), head: z.object({ repo: repository.nullish() }) }) })

/** After which of the things that happen to a pull request its commit is another, or is looked at for the first time. */
const worthALook = new Set(['opened', 'reopened', 'synchronize', 'ready_for_review'])

/** After which of them it may have come to ask for a preview. */
const worthAsking = new Set(['labeled', 'edited'])

/** As Render reads titles and labels, and without its name. */
const wanted = { title: /\[(?:render )?preview\]/i, label: /^(?:render-)?preview$/i }
const unwanted = /\[(?:skip preview|preview skip|skip render|render skip)\]/i

/** Reads what GitHub says, by what the app is to do. Nothing in it says where anything is fetched from: that is settled. Undefined for what does not have the form of its event. */
export function readEvent(hook: Hook, event: string, payload: unknown): ReadEvent | undefined {
  if (event === 'ping') return { about: 'ping', task: undefined, why: 'GitHub only asks whether somebody is there' }
  if (event === 'push') return parsed(pushSchema, payload, (push) => readPush(hook, push))
  if (event === 'pull_request') return parsed(pullSchema, payload, (pull) => readPull(hook, pull))
  return { about: shown(event), task: undefined, why: 'nothing is done about events of this kind' }
}

function readPush(hook: Hook, { ref, deleted, repository: { full_name: from } }: z.infer<typeof pushSchema>): ReadEvent {
  const about = `push to ${shown(ref.replace(/^refs\/heads\//, ''))}`
  const why = strange(hook, from)
    ?? (ref.startsWith('refs/tags/') ? 'it is a tag' : undefined)
    ?? (ref === `refs/heads/${hook.branch}` ? undefined : `only what is pushed to ${hook.branch} is released`)
    ?? (deleted ? 'the branch was deleted' : undefined)
    ?? (hook.onPush === 'release' ? undefined : 'nothing is done about pushes')
  return { about, task: why === undefined ? { do: 'release' } : undefined, why }
}

function readPull(hook: Hook, { action, number, repository: { full_name: into }, pull_request: pull }: z.infer<typeof pullSchema>): ReadEvent {
  const about = `pull request ${number}`
  const another = strange(hook, into)
  if (action === 'closed') return { about, task: another === undefined ? { do: 'end-preview', pull: number } : undefined, why: another }
  const { base, head } = pull
  const asked = askedBy(pull)
  // The repository of a fork may be gone.
  const isFork = !isSame(head.repo?.full_name ?? '', hook.repository)
  const why = another
    ?? (worthALook.has(action) || (worthAsking.has(action) && asked === 'wanted') ? undefined : `nothing is done when a pull request is ${shown(action).replaceAll('_', ' ')}`)
    ?? (pull.state === 'open' ? undefined : 'it is not open')
    ?? (base.ref === hook.branch ? undefined : `only pull requests into ${hook.branch} are looked at`)
    ?? (isFork && !hook.forks ? 'it comes from a fork: what a stranger has written does not run here unless that is allowed' : undefined)
  const alsoVerify = hook.onPullRequest === 'verify' && worthALook.has(action)
  return { about, task: why === undefined ? { do: 'preview', pull: number, asked, isFork, alsoVerify } : undefined, why }
}

/** What its title and its labels say about a preview. */
function askedBy({ title, labels }: z.infer<typeof pullSchema>['pull_request']): 'wanted' | 'unwanted' | 'unsaid' {
  if (unwanted.test(title)) return 'unwanted'
  return wanted.title.test(title) || labels.some(({ name }) => wanted.label.test(name)) ? 'wanted' : 'unsaid'
}

function strange(hook: Hook, repositoryOf: string): string | undefined {
  return isSame(repositoryOf, hook.repository) ? undefined : `it is about ${shown(repositoryOf)}, and not about ${hook.repository}`
}

/** GitHub tells names apart without regard to capitals. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function shown(text: string): string {
  return text.replaceAll(/[\p{C}\s]+/gu, ' ').slice(0, 120)
}

function parsed<T>(schema: z.ZodType<T>, payload: unknown, read: (value: T) => ReadEvent): ReadEvent | undefined {
  const { data } = schema.safeParse(payload)
  return data === undefined ? undefined : read(data)
}
