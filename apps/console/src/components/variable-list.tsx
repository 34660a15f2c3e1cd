import type { VariableView } from '@plimsoll/model'
import type { Tone } from '../words/tone.ts'
import { originOf } from '../words/origin.ts'
import { ToneLabel } from './tone-label.tsx'

const stateWords: Readonly<Record<Exclude<VariableView['state'], 'set'>, { readonly label: string; readonly means: string; readonly tone: Tone }>> = {
  'to come': { label: 'to come', means: 'Made by the next release, once for all', tone: 'quiet' },
  'missing': { label: 'missing', means: 'Nobody has given it a value, and no release goes on without', tone: 'bad' },
}

/** The variables of a service: what each is called, and where its value comes from. */
export function VariableList({ variables }: { variables: readonly VariableView[] }) {
  return (
    <ul className="divide-y divide-line">
      {variables.map(({ key, origin, state, atBuildOnly }) => (
        <li key={key} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 px-4 py-1.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_5rem]">
          <p className="min-w-0 font-mono text-[0.8125rem] break-words [overflow-wrap:anywhere]">{key}</p>
          <p className="order-last col-span-2 min-w-0 text-[0.8125rem] break-words text-ink-soft sm:order-none sm:col-span-1">{originOf(origin)}{atBuildOnly === true && ', for builds alone'}</p>
          <p className="text-right text-[0.8125rem]">{state !== 'set' && <ToneLabel words={stateWords[state]} />}</p>
        </li>
      ))}
    </ul>
  )
}
