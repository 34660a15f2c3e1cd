'use client'

import { unstable_isUnrecognizedActionError } from 'next/navigation'

export interface ErrorPageProps {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  // The page is from before a release that has not got this action any more: only a new page helps.
  const tooOld: boolean = unstable_isUnrecognizedActionError(error)
  if (tooOld) return <OldPage />
  return (
    <section className="shell flex flex-col items-start gap-5 py-24">
      <h1 className="text-4xl sm:text-5xl">We have run aground.</h1>
      <p className="max-w-md text-lg text-soft">
        Something on our side did not answer. Your bag is safe; the next try often floats.
      </p>
      <button type="button" className="button" onClick={reset}>
        Try again
      </button>
      {error.digest && <p className="text-sm text-soft">If it keeps happening, tell us this number: {error.digest}</p>}
    </section>
  )
}

function OldPage() {
  return (
    <section className="shell flex flex-col items-start gap-5 py-24">
      <h1 className="text-4xl sm:text-5xl">The shop has been refitted.</h1>
      <p className="max-w-md text-lg text-soft">
        This page is from before that, and what you sent with it did not go through. Load it anew and send it again;
        your bag is safe.
      </p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Load the page
      </button>
    </section>
  )
}
