import type { LogLine } from '@plimsoll/model'
import { plain } from '../release/log-of.ts'
import { exactly } from '../words/duration.ts'

interface Shown {
  readonly lines: readonly (string | LogLine)[]
  readonly label: string
  readonly className?: string
}

/** What something printed. Scrolls inside itself and starts at its end, which reversed columns do without a script. */
export function LogText({ lines, label, className = 'max-h-96' }: Shown) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className={`flex flex-col-reverse overflow-auto rounded-sm border border-line bg-well font-mono text-xs leading-5 ${className}`}>
      <div className="mb-auto px-3 py-2">
        {lines.map((line, i) => (
          // Lines have no name of their own and are only ever added at the end.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={i} className="flex gap-3">
            {typeof line !== 'string' && <time dateTime={line.at} title={exactly(line.at)} className="hidden shrink-0 text-ink-faint sm:block">{line.at.slice(11, 19)}</time>}
            {typeof line !== 'string' && <span className="w-16 shrink-0 truncate text-ink-soft sm:w-24" title={line.service}>{line.service}</span>}
            <span className="min-w-0 break-words whitespace-pre-wrap">{typeof line === 'string' ? line : plain(line.text)}</span>
          </div>
        ))}
      </div>
    </div>
  )
}
