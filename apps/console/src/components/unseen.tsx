import type { AppView } from '@plimsoll/model'

/** Says why it is not known what runs of an app, for as long as its place does not answer. Users are served by the edge all the same, as far as their services run. */
export function Unseen({ app: { placeProblem } }: { app: Pick<AppView, 'placeProblem'> }) {
  if (placeProblem === undefined) return null
  return (
    <p role="status" className="border-b border-line px-4 py-3 sm:px-6">
      <span className="font-medium text-warn">What runs is not known</span>: {placeProblem.message}. <span className="text-ink-soft">{placeProblem.hint}</span>
    </p>
  )
}
