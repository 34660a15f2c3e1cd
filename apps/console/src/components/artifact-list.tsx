import type { Artifact } from '@plimsoll/model'
import { durationOf } from '../words/duration.ts'
import { sizeOf } from '../words/size.ts'

/** What a release runs: one artifact a service, and whether it had to be built. */
export function ArtifactList({ artifacts }: { artifacts: readonly Artifact[] }) {
  return (
    <ul className="divide-y divide-line">
      {artifacts.map(({ service, digest, sizeBytes, fileCount, fresh, buildMs }) => (
        <li key={service} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 py-2">
          <p className="min-w-0 truncate font-medium">{service}</p>
          <p className="tnum text-right text-[0.875rem] text-ink-soft">{fresh ? `built in ${durationOf(buildMs)}` : 'same as before, not built again'}</p>
          <p className="min-w-0 truncate font-mono text-xs text-ink-faint" title={digest}>{digest.replace(/^sha256:/, '').slice(0, 12)}</p>
          <p className="tnum text-right text-[0.8125rem] text-ink-faint">{sizeOf(sizeBytes)}, {fileCount} files</p>
        </li>
      ))}
    </ul>
  )
}
