'use client'

/** What is left when the console itself fails. Next.js keeps the reason on the server, under this digest. */
export default function Failure({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div role="alert" className="max-w-2xl pt-4">
      <h1 className="text-2xl font-semibold tracking-tight">The console failed to draw this page</h1>
      <p className="mt-3 text-ink-soft">Releases and apps do not depend on it. Its log has the reason{error.digest === undefined ? '.' : ` under ${error.digest}.`}</p>
      <button type="button" onClick={reset} className="mt-5 h-9 cursor-pointer rounded-sm border border-line-strong bg-plate px-3.5 font-medium hover:bg-well">Try again</button>
    </div>
  )
}
