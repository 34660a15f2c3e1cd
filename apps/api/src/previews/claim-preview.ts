import { PlimsollError, type AppName, type PreviewData, type PreviewSettings } from '@plimsoll/model'
import type { PreviewRecord } from '@plimsoll/store'
import type { Services } from '../services.ts'
import { namesFor, type PreviewOf } from './name-preview.ts'

interface Claim {
  readonly preview: PreviewOf
  readonly settings: PreviewSettings
  readonly data: PreviewData | undefined
  readonly expiresAt: string
  /** Ends one with all that it has. */
  readonly end: (app: AppName) => Promise<void>
}

type Parts = Pick<Services, 'store' | 'clock'>

/**
 * The record of a preview, which is made unless it is there; one that is being ended is ended first. Where there are as many as there may be, the one that was updated longest ago is
 * ended, or `PREVIEW_REFUSED` is thrown, as the settings say. One that is kept is never ended for another.
 */
export async function claimPreview(parts: Parts, claim: Claim): Promise<{ readonly record: PreviewRecord; readonly isNew: boolean }> {
  const found = await findOf(parts, claim.preview)
  if (found?.isEnding === false) return { record: found, isNew: false }
  if (found !== undefined) await claim.end(found.app)
  await makeRoom(parts, claim)
  const { preview, settings, data = settings.data, expiresAt } = claim
  const at = new Date(parts.clock.now()).toISOString()
  for (const app of namesFor(preview)) {
    // An app of this name that is no preview, or another's, keeps it.
    if ((await parts.store.apps.find(app)) !== undefined) continue
    const isNew = await parts.store.previews.make({ ...preview, app, data, expiresAt, at }, settings.limit)
    const record = await findOf(parts, preview)
    if (record !== undefined) return { record, isNew }
  }
  throw new PlimsollError('PREVIEW_REFUSED', `No name is free for a preview of ${preview.of}: other apps are called ${namesFor(preview).join(' and ')}, or others began at the same moment`, { hint: `See what there is: plimsoll preview list --app ${preview.of}` })
}

async function findOf({ store }: Parts, { of, pull, branch }: PreviewOf): Promise<PreviewRecord | undefined> {
  return (await store.previews.list(of)).find((each) => (pull === null ? each.pull === null && each.branch === branch : each.pull === pull))
}

async function makeRoom({ store }: Parts, { preview: { of }, settings: { limit, whenFull }, end }: Claim): Promise<void> {
  const all = await store.previews.list(of)
  if (all.length < limit) return
  const [oldest] = all.filter(({ expiresAt, isEnding }) => isEnding || expiresAt !== null).toSorted((one, other) => Number(other.isEnding) - Number(one.isEnding) || one.updatedAt.localeCompare(other.updatedAt))
  if (oldest !== undefined && (whenFull === 'end-oldest' || oldest.isEnding)) return end(oldest.app)
  const names = all.map(({ app }) => app).join(', ')
  const why = whenFull === 'refuse' ? '' : ', and all of them are kept'
  throw new PlimsollError('PREVIEW_REFUSED', `${of} has ${all.length === 1 ? 'a preview' : `${all.length} previews`} (${names}), and more than ${limit} are not to be there at once${why}`, {
    hint: `End one: plimsoll preview end ${oldest?.app ?? all[0]?.app ?? 'PREVIEW'} --app ${of}. Or settle another limit: plimsoll preview settings --limit ${limit + 1} --app ${of}`,
  })
}
