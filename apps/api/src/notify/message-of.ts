import { releaseNumberSchema, verificationSchema, type Topic } from '@plimsoll/model'
import type { Occasion } from '@plimsoll/store'
import { turnOf, verificationMessage, type Message } from '@plimsoll/verify/notify'
import { z } from 'zod'
import type { Services } from '../services.ts'
import { releaseFactsSchema, releaseMessage, releaseTopic } from './release-message.ts'

/** What is told of an occasion. */
export interface News {
  readonly topic: Topic
  readonly message: Message
  /** Only for what marks commits: each of them is marked, also where nothing has turned. */
  readonly marksOnly: boolean
}

type Parts = Pick<Services, 'store' | 'console' | 'secrets'>

/** Undefined for what is no news, and for what is known no more. */
export async function newsOf(parts: Parts, occasion: Occasion): Promise<News | undefined> {
  const news = occasion.about === 'release' ? await ofRelease(parts, occasion) : await ofVerification(parts, occasion)
  return news && { ...news, message: parts.secrets.redactAll(news.message) }
}

async function ofRelease({ store, console: at }: Parts, { id, app, subject, facts: told, at: when }: Occasion): Promise<News | undefined> {
  const number = releaseNumberSchema.parse(Number(subject))
  const facts = releaseFactsSchema.parse(told)
  const release = await store.releases.find(app, number)
  const topic = release === undefined ? undefined : releaseTopic(release, facts)
  if (release === undefined || topic === undefined) return undefined
  return { topic, marksOnly: false, message: releaseMessage(release, { topic, facts, id: messageId(id), at: when, link: linkTo(at, `/apps/${app}/releases/${number}`) }) }
}

const settledSchema = z.object({ state: verificationSchema.shape.state })

async function ofVerification({ store, console: at }: Parts, { id, app, subject, facts }: Occasion): Promise<News | undefined> {
  const { state } = settledSchema.parse(facts)
  if (state === 'running' || state === 'interrupted') return undefined
  const known = await store.verifications.list(app, 50)
  const place = known.findIndex((each) => each.id === subject)
  const verification = known[place]
  if (verification === undefined) return undefined
  const previous = known.slice(place + 1).find((each) => each.state !== 'interrupted' && each.state !== 'running')?.state
  const turn = turnOf(previous, state)
  const message = verificationMessage(verification, turn, linkTo(at, `/apps/${app}/verifications/${subject}`))
  return { topic: 'verification', marksOnly: turn === undefined, message: { ...message, id: messageId(id) } }
}

function messageId(occasion: string): string {
  return `msg_${occasion.replaceAll('-', '')}`
}

/** A page of the console, where others than this machine reach it. */
function linkTo(console: string | undefined, path: string): string | undefined {
  if (console === undefined) return undefined
  const { hostname } = new URL(console)
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || hostname.startsWith('127.')
  return isHere ? undefined : `${console}${path}`
}
