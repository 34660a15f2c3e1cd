'use client'

import { useActionState } from 'react'
import type { Made } from '../server/manage-access.ts'
import { ProblemView } from './problem-view.tsx'

/** A button that says below itself what came of it. */
export function AnsweredButton({ label, action }: { label: string; action: (before: Made | undefined) => Promise<Made> }) {
  const [answer, act, pending] = useActionState(action, undefined)
  return (
    <form action={act} className="contents">
      <button type="submit" disabled={pending} className="h-9 cursor-pointer rounded-sm border border-line-strong bg-plate px-3.5 font-medium whitespace-nowrap hover:bg-well disabled:cursor-default disabled:opacity-60">{label}</button>
      <div aria-live="polite" className="order-last basis-full empty:hidden">
        {answer !== undefined && ('problem' in answer ? <ProblemView problem={answer.problem} /> : <p className="border-l-2 border-good pl-3">{answer.shown.says}</p>)}
      </div>
    </form>
  )
}
