import type { AppName, ReleaseNumber } from '@plimsoll/model'
import type { Services } from '../services.ts'
import { Painting, wantsPicture } from './painting.ts'

/** Paints what users get while releases take over. */
export interface Painter {
  /** Takes up each release of `app` that is under way, watched or has just ended. What is painted already goes on; twice is once. */
  refresh(app: AppName): Promise<void>
  /** The picture of a release that is being painted. */
  painting(app: AppName, release: ReleaseNumber): Painting | undefined
  /** Writes every picture down as far as it is; the next start of Plimsoll goes on with those that are not at their end. */
  close(): Promise<void>
}

export interface PainterParts {
  readonly services: Pick<Services, 'store' | 'edge' | 'clock'>
  readonly report: (error: unknown) => void
}

export function createPainter({ services, report }: PainterParts): Painter {
  const leaving = new AbortController()
  const paintings = new Map<string, { readonly painting: Painting; readonly ended: Promise<void> }>()
  return {
    async refresh(app) {
      const { releases } = await services.store.releases.list(app, { limit: 20 })
      for (const release of releases.filter((each) => wantsPicture(each, services.clock.now()))) {
        const key = `${app}/${release.number}`
        if (leaving.signal.aborted || paintings.has(key)) continue
        const painting = new Painting(services, release)
        const ended = painting.toItsEnd(leaving.signal)
          .catch((error: unknown) => (leaving.signal.aborted ? undefined : report(error)))
          .finally(() => paintings.delete(key))
        paintings.set(key, { painting, ended })
      }
    },
    painting: (app, release) => paintings.get(`${app}/${release}`)?.painting,
    async close() {
      leaving.abort(new Error('Plimsoll is stopping'))
      await Promise.all([...paintings.values()].map(({ ended }) => ended))
    },
  }
}
