'use client'

import type { Problem } from '@plimsoll/model'
import { useActionState, useEffect, useId, useRef } from 'react'
import { ProblemView } from './problem-view.tsx'

interface Confirmed {
  /** On the button that asks. */
  readonly label: string
  readonly title: string
  /** What will happen, sentence by sentence. */
  readonly consequences: readonly string[]
  /** On the button that does it. */
  readonly confirm: string
  readonly action: () => Promise<Problem | undefined>
  readonly danger?: boolean
}

interface Result {
  readonly problem: Problem | undefined
}

/** A button that says what it will do before it does it. */
export function ConfirmAction({ label, title, consequences, confirm, action, danger = false }: Confirmed) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const [result, act, pending] = useActionState(async (): Promise<Result> => ({ problem: await action() }), undefined)
  useEffect(() => {
    if (result !== undefined && result.problem === undefined) dialog.current?.close()
  }, [result])
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()} className={`h-9 cursor-pointer rounded-sm border px-3.5 font-medium whitespace-nowrap ${danger ? 'border-bad/50 bg-plate text-bad hover:bg-bad-wash' : 'border-line-strong bg-plate hover:bg-well'}`}>
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={heading} className="w-[min(32rem,calc(100vw-2rem))] rounded-md border border-line-strong bg-plate p-5 text-ink">
        <form action={act}>
          <h2 id={heading} className="text-lg font-semibold">{title}</h2>
          <ul className="mt-3 list-disc space-y-2 pl-5 marker:text-ink-faint">
            {consequences.map((sentence) => <li key={sentence}>{sentence}</li>)}
          </ul>
          <div aria-live="polite">{result?.problem !== undefined && <div className="mt-4"><ProblemView problem={result.problem} /></div>}</div>
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <button type="button" onClick={() => dialog.current?.close()} className="h-9 cursor-pointer rounded-sm border border-line-strong px-3.5 hover:bg-well">Leave it as it is</button>
            <button type="submit" disabled={pending} className={`h-9 cursor-pointer rounded-sm px-3.5 font-medium text-plate disabled:cursor-default disabled:opacity-60 ${danger ? 'bg-bad' : 'bg-busy'}`}>{confirm}</button>
          </div>
        </form>
      </dialog>
    </>
  )
}
