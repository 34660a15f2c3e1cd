import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Provable } from '@plimsoll/engine'
import type { Source, Verification } from '@plimsoll/model'
import type { Releases, Verifications } from '@plimsoll/store'
import { envelopeSchema, readStatement, testResultSchema } from '@plimsoll/verify'
import { blueprintDigest } from './blueprint-digest.ts'

/** What was proven longer ago is tried again: what it leaned on outside of the repository may have changed. */
const validForMs = 24 * 60 * 60_000

/** Where the signed statement about a verification lies. */
export function attestationFile({ directory }: Pick<Verification, 'directory'>): string {
  return join(directory, 'attestation.json')
}

interface KnownProofs {
  readonly store: { readonly verifications: Pick<Verifications, 'list'>; readonly releases: Pick<Releases, 'find'> }
  readonly clock: Pick<Clock, 'now'>
}

/**
 * A verification that has passed, and of exactly this: the same artifacts of the same commit, whose tests are a part of it, wired by the same Blueprint, held
 * against what is live now, with a pause only where this one has one. Only what `key` has signed counts. What is not committed has no proof but its own.
 * What was found where a promoted release ran first counts too, if it was held against the release there whose artifacts are live here.
 */
export async function findProof({ store, clock }: KnownProofs, subject: Provable, key: KeyObject): Promise<Verification | undefined> {
  const since = clock.now() - validForMs
  for (const { app, live } of await whereItRan({ store }, subject)) {
    const known = await store.verifications.list(app, 20)
    for (const each of known.filter((one) => one.state === 'passed' && isSameCommit(one.source, subject.source) && one.against === live && (one.paused === undefined || subject.paused === true) && Date.parse(one.startedAt) > since)) {
      if (await isProven(each, subject, key)) return each
    }
  }
  return undefined
}

type Ran = Pick<Provable, 'app' | 'live'>

/** Under which names it may have been proven, and as what each knows that which is live. */
async function whereItRan({ store }: Pick<KnownProofs, 'store'>, { app, live, source: { promotedFrom } }: Provable): Promise<Ran[]> {
  if (promotedFrom === undefined) return [{ app, live }]
  if (live === undefined) return [{ app, live }, { app: promotedFrom.app, live }]
  const before = (await store.releases.find(app, live))?.source.promotedFrom
  return [{ app, live }, ...(before === undefined ? [] : [{ app: before.app, live: before.release }])]
}

function isSameCommit(one: Source, other: Source): boolean {
  return !one.dirty && !other.dirty && one.commit !== undefined && one.commit === other.commit
}

async function isProven(verification: Verification, { artifacts, blueprint }: Provable, key: KeyObject): Promise<boolean> {
  const text = await readFile(attestationFile(verification), 'utf8').catch(() => undefined) // Pruned, or never written: then it proves nothing.
  const envelope = envelopeSchema.safeParse(parsed(text))
  const read = envelope.success ? testResultSchema.safeParse(readStatement(envelope.data, key)) : undefined
  if (read?.success !== true || read.data.predicate.result === 'FAILED') return false
  const { subject, predicate } = read.data
  const proven = new Map(subject.map(({ name, digest }) => [name, `sha256:${digest.sha256}`]))
  const wanted = Object.entries(artifacts ?? {})
  // Where the place builds by itself there are none to hold against those that were proven: the commit is the same, and so is the Blueprint.
  const isSame = artifacts === undefined || (wanted.length === proven.size && wanted.every(([service, { digest }]) => proven.get(service) === digest))
  return isSame && predicate.configuration.some(({ digest }) => `sha256:${digest.sha256}` === blueprintDigest(blueprint))
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined // Half a file is no statement.
  }
}
