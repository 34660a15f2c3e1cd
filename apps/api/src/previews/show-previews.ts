import { PlimsollError, type AppName, type AppView, type Preview } from '@plimsoll/model'
import type { PreviewRecord } from '@plimsoll/store'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { findApp } from '../use-cases/find-app.ts'
import { showApp } from '../use-cases/show-app.ts'

interface Viewing {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly unit?: { readonly holds: boolean }
}

/** The previews of an app as they stand now, newest first. Throws `NOT_FOUND`, `EDGE_DOWN`. */
export async function listPreviews(viewing: Viewing, of: AppName, signal: AbortSignal): Promise<Preview[]> {
  const { store } = viewing.services
  await findApp(viewing.services, of)
  return Promise.all((await store.previews.list(of)).map((record) => viewOf(viewing, record, signal)))
}

/** Throws `NOT_FOUND`, also for an app that is none of this app's previews. */
export async function showPreview(viewing: Viewing, which: { readonly of: AppName; readonly app: AppName }, signal: AbortSignal): Promise<Preview> {
  return viewOf(viewing, await findPreview(viewing.services, which), signal)
}

/** Throws `NOT_FOUND`, naming those that there are. */
export async function findPreview({ store }: Pick<Services, 'store'>, { of, app }: { readonly of: AppName; readonly app: AppName }): Promise<PreviewRecord> {
  const record = await store.previews.find(app)
  if (record?.of === of) return record
  const others = (await store.previews.list(of)).map((each) => each.app)
  throw new PlimsollError('NOT_FOUND', `${of} has no preview "${app}"`, { hint: others.length === 0 ? `Make one: plimsoll preview create BRANCH --app ${of}` : `There are: ${others.join(', ')}` })
}

async function viewOf(viewing: Viewing, record: PreviewRecord, signal: AbortSignal): Promise<Preview> {
  const { app, of, pull, branch, commit, data, createdAt, updatedAt, expiresAt } = record
  const known = await viewing.services.store.apps.find(app)
  const view = known && (await showApp(viewing, app, signal))
  return {
    app, of, pull, branch, commit, data, createdAt, updatedAt, expiresAt,
    state: record.isEnding ? 'ending' : stateOf(view),
    release: (view?.underWay ?? view?.last ?? view?.live)?.number ?? null,
    addresses: (view?.services ?? []).flatMap(({ service, url, namedUrl }) => (url === undefined ? [] : [{ service, url, ...(namedUrl !== undefined && { namedUrl }) }])),
    why: record.seedProblem ?? failureOf(view),
  }
}

function stateOf(view: AppView | undefined): Preview['state'] {
  // One that has no release yet is being fetched.
  if (view === undefined || view.underWay !== null || (view.last === null && view.live === null)) return 'making'
  return view.live === null ? 'failed' : 'live'
}

function failureOf(view: AppView | undefined): string | null {
  const outcome = view?.last?.outcome
  return outcome !== undefined && 'problem' in outcome ? outcome.problem.message : null
}
