import { z } from 'zod'
import { appNameSchema } from './names.ts'

/** What may be told: each of them is something that a person would want to hear of, or not. */
export const topics = ['verification', 'release.live', 'release.failed', 'release.rolled-back', 'release.went-back', 'release.needs-attention'] as const
export const topicSchema = z.enum(topics)
export type Topic = z.infer<typeof topicSchema>

/** What each topic is called before people. */
export const topicTitles: Readonly<Record<Topic, string>> = {
  'verification': 'A verification ends otherwise than the one before',
  'release.live': 'A release is live',
  'release.failed': 'A release failed, and what was live is live',
  'release.rolled-back': 'Somebody went back to an earlier release',
  'release.went-back': 'A watch went back by itself',
  'release.needs-attention': 'A release needs attention',
}

/** Web addresses without a password in them: what is secret in one is its path. */
const webAddressSchema = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' }).max(2000).refine((url) => URL.parse(url)?.username === '' && URL.parse(url)?.password === '', 'must hold no user and no password')
const mailServerSchema = z.url({ protocol: /^smtps?$/, error: 'must be an address like smtp://user:password@host:587, or smtps://…' }).max(2000)
export const signingSecretSchema = z.string().max(400).regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}(?: whsec_[A-Za-z0-9+/]{32,88}={0,2})?$/, 'must be whsec_ and the Base64 of 24 to 64 bytes; while it is changed two of them with a space between')
/** A repository of GitHub. */
export const repositorySchema = z.string().max(200).regex(/^\w[\w-]*\/(?!\.{1,2}$)[\w.-]+$/, 'must be owner/name')

/** How somebody is reached, with what is secret in it: it is taken and never given back, and changed as a whole. */
export const waySchema = z.discriminatedUnion('kind', [
  /** An incoming webhook of Slack, or of what understands the same. */
  z.strictObject({ kind: z.literal('slack'), url: webAddressSchema }),
  /** Signed as Standard Webhooks say; a secret is made unless one is given. */
  z.strictObject({ kind: z.literal('webhook'), url: webAddressSchema, secret: signingSecretSchema.optional() }),
  z.strictObject({ kind: z.literal('email'), server: mailServerSchema, from: z.email().max(300), to: z.array(z.email().max(300)).min(1).max(50) }),
  /** A status at the commit that something is about. */
  z.strictObject({ kind: z.literal('github'), repository: repositorySchema, token: z.string().min(1).max(500), apiUrl: webAddressSchema.optional() }),
])
export type Way = z.infer<typeof waySchema>
export type WayKind = Way['kind']

const channelNameSchema = z.string().trim().min(1).max(64).regex(/^[^\p{C}]+$/u, 'must have no control characters')
const ofSchema = z.union([z.literal('*'), appNameSchema])
const topicsSchema = z.array(topicSchema).min(1).transform((given) => topics.filter((topic) => given.includes(topic)))

export const newChannelSchema = z.strictObject({ name: channelNameSchema, /** All apps, those to come included, or one. */ app: ofSchema.default('*'), topics: topicsSchema.default([...topics]), way: waySchema })
export type NewChannel = z.infer<typeof newChannelSchema>

/** Changes what is given. A new `way` takes the place of the whole old one, so that nobody leads a secret elsewhere that they do not know. */
export const channelChangeSchema = z.strictObject({ version: z.number().int().positive(), name: channelNameSchema, app: ofSchema, topics: topicsSchema, on: z.boolean(), way: waySchema }).partial().required({ version: true })
export type ChannelChange = z.infer<typeof channelChangeSchema>

/** Somebody whom Plimsoll tells what happened. */
export const channelSchema = z.object({
  id: z.string(),
  name: channelNameSchema,
  app: ofSchema,
  topics: z.array(topicSchema),
  kind: z.enum(['slack', 'webhook', 'email', 'github']),
  /** Who that is, without what is secret: a host, addresses, a repository. */
  to: z.string(),
  on: z.boolean(),
  /** Why it was switched off, where nobody did that: the receiver said that it wants nothing any more. */
  closed: z.object({ at: z.iso.datetime(), why: z.string() }).nullable(),
  createdAt: z.iso.datetime(),
  /** Grows with each change; who changes it says which one they have seen. */
  version: z.number().int().positive(),
})
export type Channel = z.infer<typeof channelSchema>

/** `secret`: of a webhook, where it was made here; told this once. */
export const madeChannelSchema = channelSchema.extend({ secret: z.string().optional() })
export type MadeChannel = z.infer<typeof madeChannelSchema>

/** One message to one channel. `waiting`: it is tried again. `unsent`: there was nothing that it could have been told, or it was switched off meanwhile. */
export const deliverySchema = z.object({
  id: z.string(),
  channel: z.object({ id: z.string(), name: z.string() }),
  app: z.string(),
  topic: topicSchema,
  headline: z.string(),
  is: z.enum(['waiting', 'delivered', 'undelivered', 'unsent']),
  tries: z.number().int().nonnegative(),
  /** What the last try came to, where it came to nothing. */
  why: z.string().nullable(),
  at: z.iso.datetime(),
  /** When it is tried again. */
  nextAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
})
export type Delivery = z.infer<typeof deliverySchema>

/** What a receiver answered to a message that says that it is a test. */
export const testAnswerSchema = z.object({ is: z.enum(['delivered', 'undelivered', 'unsent']), to: z.string(), why: z.string().nullable(), tookMs: z.number().int().nonnegative() })
export type TestAnswer = z.infer<typeof testAnswerSchema>
