'use client'

import { useActionState, type ReactNode } from 'react'
import type { Made } from '../server/manage-access.ts'
import { Command } from './command.tsx'
import { ProblemView } from './problem-view.tsx'

interface Asked {
  readonly action: (before: Made | undefined, form: FormData) => Promise<Made>
  readonly submit: string
  readonly children: ReactNode
}

/** A form that says below itself what came of it, with what is shown once: a link, a token. */
export function MadeForm({ action, submit, children }: Asked) {
  const [answer, act, pending] = useActionState(action, undefined)
  return (
    <form action={act} className="p-4">
      <div className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-4">{children}</div>
      <button type="submit" disabled={pending} className="mt-4 h-11 w-full cursor-pointer rounded-sm bg-busy px-3.5 font-medium text-plate disabled:cursor-default disabled:opacity-60 sm:h-9 sm:w-auto">{submit}</button>
      <div aria-live="polite">
        {answer !== undefined && 'problem' in answer && <div className="mt-4"><ProblemView problem={answer.problem} /></div>}
        {answer !== undefined && 'shown' in answer && (
          <div className="mt-4 border-l-2 border-good pl-3">
            <p className="font-medium">{answer.shown.says}</p>
            {answer.shown.secret !== undefined && <p className="mt-2"><Command>{answer.shown.secret}</Command></p>}
          </div>
        )}
      </div>
    </form>
  )
}
