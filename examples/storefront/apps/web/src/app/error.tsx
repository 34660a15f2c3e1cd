'use client'

export interface ErrorPageProps {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
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
