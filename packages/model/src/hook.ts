import { z } from 'zod'
import { repositorySchema } from './channel.ts'
import { appNameSchema, releaseNumberSchema } from './names.ts'

export const branchSchema = z.string().min(1).max(300).regex(/^(?!-)[^\s\p{C}~^:?*[\\]+$/u, 'must be the name of a branch')
const directorySchema = z.string().max(500).refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must lie in the repository: a relative path without ".."')
const serverSchema = z.url({ protocol: /^https?$/ }).max(500).refine((url) => URL.parse(url)?.username === '' && URL.parse(url)?.password === '', 'must hold no user and no password').transform((url) => url.replace(/\/+$/, ''))

/** What an app does when its repository on GitHub says that something has changed there. */
export const hookSchema = z.object({
  app: appNameSchema,
  repository: repositorySchema,
  /** What is pushed to it is released; pull requests into it are verified. */
  branch: branchSchema,
  /** Of the repository, the one that holds render.yaml; empty for its root. */
  directory: directorySchema,
  /** Where the repository is, if not at github.com. */
  server: z.string(),
  onPush: z.enum(['release', 'nothing']),
  onPullRequest: z.enum(['verify', 'nothing']),
  /** Whether pull requests from forks are verified: that runs on this machine what a stranger has written. */
  forks: z.boolean(),
  /** Whether there is a token, without which only what is public can be fetched, and no commit is marked. */
  hasToken: z.boolean(),
  createdAt: z.iso.datetime(),
  /** Grows with each change. */
  version: z.number().int().positive(),
})
export type Hook = z.infer<typeof hookSchema>

/** All of it is settled anew, but for the secret and the token: what is not given stays, as long as repository and server do. */
export const hookWishSchema = z.strictObject({
  repository: repositorySchema,
  branch: branchSchema.default('main'),
  directory: directorySchema.default(''),
  server: serverSchema.default('https://github.com'),
  onPush: z.enum(['release', 'nothing']).default('release'),
  onPullRequest: z.enum(['verify', 'nothing']).default('verify'),
  forks: z.boolean().default(false),
  /** With which GitHub signs; one is made unless it is given. */
  secret: z.string().min(16, 'must have 16 characters or more').max(200).optional(),
  token: z.string().min(1).max(500).optional(),
})
export type HookWish = z.infer<typeof hookWishSchema>

/** `secret`: told this once, where it was made. `path`: where GitHub is to send, below the address at which it reaches this API. */
export const madeHookSchema = hookSchema.extend({ path: z.string(), secret: z.string().optional() })
export type MadeHook = z.infer<typeof madeHookSchema>

/** What GitHub has said, and what came of it. `superseded`: something newer about the same came before it was begun, or ended. */
export const hookEventSchema = z.object({
  /** As GitHub has numbered it. */
  delivery: z.string(),
  at: z.iso.datetime(),
  event: z.string(),
  /** For people: `push to main`. */
  about: z.string(),
  is: z.enum(['waiting', 'working', 'done', 'failed', 'ignored', 'superseded']),
  why: z.string().nullable(),
  release: releaseNumberSchema.nullable(),
  verification: z.string().nullable(),
  endedAt: z.iso.datetime().nullable(),
})
export type HookEvent = z.infer<typeof hookEventSchema>

/** What is done because of an event. */
export const hookTaskSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('release') }),
  z.object({ do: z.literal('verify'), pull: z.number().int().positive() }),
  /** What it says of itself decides whether it has a preview; `alsoVerify`: what it holds is verified besides. */
  z.object({ do: z.literal('preview'), pull: z.number().int().positive(), asked: z.enum(['wanted', 'unwanted', 'unsaid']), isFork: z.boolean(), alsoVerify: z.boolean() }),
  z.object({ do: z.literal('end-preview'), pull: z.number().int().positive() }),
])
export type HookTask = z.infer<typeof hookTaskSchema>
