import { z } from 'zod'
import { releaseNumberSchema } from './names.ts'

/** One commit, as people recognise it. */
export const commitSchema = z.object({
  /** The whole id. */
  id: z.string(),
  author: z.string(),
  subject: z.string(),
  at: z.iso.datetime(),
})
export type Commit = z.infer<typeof commitSchema>

/** The newest of some commits, and how many more there are. */
export const someCommitsSchema = z.object({ commits: z.array(commitSchema), more: z.number().int().nonnegative() })
export type SomeCommits = z.infer<typeof someCommitsSchema>

/** What lies between two commits: what the later one brings, and what only the earlier one had; or why that is not known. */
export const commitRangeSchema = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('known'),
    added: someCommitsSchema,
    /** Not empty where the later one stands on another branch, or goes back. */
    dropped: someCommitsSchema,
    /** The clone holds only a part of the history, so that commits may be missing. */
    isShallow: z.boolean(),
    /** The directory that the commits touch; empty for all of the repository. */
    within: z.string(),
  }),
  z.object({ is: z.literal('not known'), why: z.string() }),
])
export type CommitRange = z.infer<typeof commitRangeSchema>

/** What is written down about a variable, from which nobody learns its value. */
const notedVariableSchema = z.object({
  /** As {@link Variable} says. */
  origin: z.string(),
  /** The same for the same value of this variable, and made with a key that does not leave the installation. */
  mark: z.string(),
})

/** What is written down of a release when it is held against what is live, so that it can still be told later how they differ. */
export const releaseNoteSchema = z.object({
  /** The release that was live; null: none. */
  before: releaseNumberSchema.nullable(),
  /** Names the key of all marks: those of two keys cannot be compared. */
  key: z.string(),
  /** service → KEY → what it was, without what differs between any two releases. */
  environments: z.record(z.string(), z.record(z.string(), notedVariableSchema)),
  /** From the commit of `before` to its own. */
  commits: commitRangeSchema,
})
export type ReleaseNote = z.infer<typeof releaseNoteSchema>
