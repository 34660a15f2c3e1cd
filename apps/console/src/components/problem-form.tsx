'use client'

import type { Problem } from '@plimsoll/model'
import { useActionState, type ReactNode } from 'react'
import { ProblemView } from './problem-view.tsx'

interface Asked {
  /** What comes back is why it was not done. */
  readonly action: (form: FormData) => Promise<Problem | undefined>
  readonly submit: string
  readonly children?: ReactNode
}

/** A form that says below itself why it could not be done. Works before any script has run. */
export function ProblemForm({ action, submit, children }: Asked) {
  const [problem, act, pending] = useActionState(async (_before: Problem | undefined, form: FormData) => action(form), undefined)
  return (
    <form action={act} className="space-y-4">
      {children}
      <button type="submit" disabled={pending} className="h-11 w-full cursor-pointer rounded-sm bg-busy px-3.5 font-medium text-plate disabled:cursor-default disabled:opacity-60 sm:h-9 sm:w-auto">{submit}</button>
      <div aria-live="polite">{problem !== undefined && <ProblemView problem={problem} />}</div>
    </form>
  )
}
