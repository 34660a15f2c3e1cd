import type { Release } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { ageOf } from '../words/duration.ts'
import { LoadLine } from './load-line.tsx'

/** A release that is on its way, and the way to it. */
export function UnderWay({ release, now }: { release: Release; now: number }) {
  const what = release.kind === 'rollback' ? `Going back to release ${release.backTo}` : `Release ${release.number} is on its way`
  return (
    <Link href={paths.release(release.app, release.number)} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-busy/30 bg-busy-wash px-4 py-2.5 text-busy hover:underline sm:px-6">
      <LoadLine moving className="size-5 shrink-0" />
      <span className="min-w-0 grow basis-0"><span className="font-medium">{what}</span> <span className="text-ink-soft">{release.source.subject}</span></span>
      <span className="shrink-0 text-[0.875rem]">begun {ageOf(release.startedAt, now)}</span>
    </Link>
  )
}
