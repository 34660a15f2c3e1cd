import type { Cause } from '@plimsoll/model'
import type { Tone } from '../words/tone.ts'
import { EvidenceList } from './evidence-list.tsx'
import { Mark } from './mark.tsx'

interface Causes {
  readonly app: string
  readonly verification: string
  readonly causes: readonly Cause[]
  readonly tone: Tone
}

/** Checks that found something, each with what it found, how to see it oneself, what to do, and what nobody could ask because of it. */
export function CauseList({ app, verification, causes, tone }: Causes) {
  return (
    <ul className="divide-y divide-line">
      {causes.map(({ check, title, verdicts, notAsked }) => (
        <li key={check} className="px-4 py-3">
          <p className="flex gap-2 text-[0.8125rem] text-ink-soft"><Mark tone={tone} className="mt-0.5 size-3.5" /><span className="min-w-0 break-words">{title} <span className="font-mono text-xs text-ink-faint">{check}</span></span></p>
          <ul className="mt-1 space-y-3 pl-[1.375rem]">
            {verdicts.map(({ service, finding, hint, reproduce, evidence = [] }) => (
              <li key={`${service ?? ''} ${finding}`} className="min-w-0">
                <p className="font-medium break-words">{finding}</p>
                {hint !== undefined && <p className="mt-0.5 max-w-3xl break-words text-ink-soft">{hint}</p>}
                {reproduce !== undefined && <code className="mt-1 block font-mono text-xs break-words select-all">{reproduce}</code>}
                <EvidenceList app={app} verification={verification} evidence={evidence} />
              </li>
            ))}
          </ul>
          {notAsked.length > 0 && <p className="mt-2 pl-[1.375rem] text-[0.8125rem] text-ink-soft">Not asked because of it: {notAsked.join('; ')}</p>}
        </li>
      ))}
    </ul>
  )
}
