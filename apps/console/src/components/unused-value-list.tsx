import { forgetValue } from '../server/keep-values.ts'
import { ConfirmAction } from './confirm-action.tsx'

interface Unused {
  readonly app: string
  readonly keys: readonly string[]
  readonly mayChange: boolean
}

/** What is kept for nothing, perhaps for a release that one may go back to. */
export function UnusedValueList({ app, keys, mayChange }: Unused) {
  return (
    <ul className="divide-y divide-line">
      {keys.map((key) => (
        <li key={key} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-2">
          <p className="min-w-0 font-mono text-[0.875rem] [overflow-wrap:anywhere]">{key}</p>
          {mayChange && (
            <ConfirmAction
              label="Forget it" danger title={`Forget ${key}?`} confirm="Forget it" action={forgetValue.bind(null, app, key)}
              consequences={['The newest Blueprint does not ask for it.', 'An earlier release that does cannot be started again without.']}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
