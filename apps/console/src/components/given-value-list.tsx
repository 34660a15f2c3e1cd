import type { GivenValue } from '@plimsoll/model'
import { forgetValue, keepValue } from '../server/keep-values.ts'
import { ConfirmAction } from './confirm-action.tsx'
import { Field } from './field.tsx'
import { ProblemForm } from './problem-form.tsx'
import { ToneLabel } from './tone-label.tsx'

interface Given {
  readonly app: string
  readonly given: readonly GivenValue[]
  /** Whether whoever looks may change them. */
  readonly mayChange: boolean
}

const isThere = { label: 'set', means: 'A value is kept', tone: 'good' as const }
const isMissing = { label: 'missing', means: 'Nobody has given it a value', tone: 'bad' as const }

/** The values that people give: whether each is there, and for who may, how to give, change and forget it. */
export function GivenValueList({ app, given, mayChange }: Given) {
  return (
    <ul className="divide-y divide-line">
      {given.map(({ keptAs, isSet, services }) => (
        <li key={keptAs} className="px-4 py-3">
          <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
            <div className="min-w-0">
              <p className="font-mono text-[0.875rem] [overflow-wrap:anywhere]">{keptAs}</p>
              <p className="text-[0.8125rem] text-ink-soft">for {services.join(', ')}</p>
            </div>
            <div className="flex items-center gap-4">
              <ToneLabel words={isSet ? isThere : isMissing} />
              {mayChange && isSet && (
                <ConfirmAction
                  label="Forget it" danger title={`Forget ${keptAs}?`} confirm="Forget it" action={forgetValue.bind(null, app, keptAs)}
                  consequences={['What runs keeps it.', 'The next release stops before anything is built, until it has a value again.', 'Nobody can bring the value back: it is not kept anywhere else.']}
                />
              )}
            </div>
          </div>
          {mayChange && (
            <details className="mt-1 text-[0.875rem]" open={!isSet}>
              <summary className="cursor-pointer py-1 text-ink-soft">{isSet ? 'Give it another value' : 'Give it a value'}</summary>
              <div className="mt-2 max-w-md">
                <ProblemForm action={keepValue.bind(null, app, keptAs)} submit="Keep it">
                  <Field label={`Value of ${keptAs}`} name="value" type="password" required autoComplete="off" hint="It is shown to nobody again." />
                </ProblemForm>
              </div>
            </details>
          )}
        </li>
      ))}
    </ul>
  )
}
