import type { Verification } from '@plimsoll/model'
import { sizeOf } from '../words/size.ts'

/** The artifacts that a verification is about. */
export function VerifiedList({ artifacts }: Pick<Verification, 'artifacts'>) {
  return (
    <ul className="divide-y divide-line">
      {artifacts.map(({ service, digest, sizeBytes }) => (
        <li key={service} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 px-4 py-2">
          <p className="min-w-0 truncate font-medium">{service}</p>
          <p className="tnum text-right text-[0.8125rem] text-ink-faint">{sizeOf(sizeBytes)}</p>
          <p className="min-w-0 truncate font-mono text-xs text-ink-faint" title={digest}>{digest.replace(/^sha256:/, '').slice(0, 12)}</p>
        </li>
      ))}
    </ul>
  )
}
