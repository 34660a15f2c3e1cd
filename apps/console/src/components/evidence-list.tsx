import type { Evidence } from '@plimsoll/model'
import { paths } from '../paths.ts'

interface Kept {
  readonly app: string
  readonly verification: string
  readonly evidence: readonly Evidence[]
}

/** What was seen: texts to be opened, and pictures. */
export function EvidenceList({ app, verification, evidence }: Kept) {
  if (evidence.length === 0) return null
  return (
    <ul className="mt-2 space-y-2">
      {evidence.map(({ title, text, file }) => (
        <li key={`${title} ${file ?? ''}`} className="min-w-0">
          {text !== undefined && (
            <details>
              <summary className="cursor-pointer py-1 text-[0.8125rem] text-ink-soft">{title}</summary>
              <pre tabIndex={0} aria-label={title} className="mt-1 max-h-96 overflow-auto rounded-sm bg-well p-3 font-mono text-xs whitespace-pre-wrap">{text}</pre>
            </details>
          )}
          {file !== undefined && (
            <figure>
              <figcaption className="text-[0.8125rem] text-ink-soft">{title}</figcaption>
              <a href={paths.evidence(app, verification, file)}>
                {/* oxlint-disable-next-line next/no-img-element -- it is shown as it was taken */}
                <img src={paths.evidence(app, verification, file)} alt={title} loading="lazy" className="mt-1 max-h-80 max-w-full rounded-sm border border-line" />
              </a>
            </figure>
          )}
        </li>
      ))}
    </ul>
  )
}
