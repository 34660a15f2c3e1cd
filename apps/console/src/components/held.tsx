import type { AppView } from '@plimsoll/model'
import { Command } from './command.tsx'
import { Moment } from './moment.tsx'

/** Says what keeps users from being served, above everything else, and how that ends. Nothing when nothing does. */
export function Held({ app: { name, holds: { maintenance, pause } }, now }: { app: Pick<AppView, 'name' | 'holds'>; now: number }) {
  if (maintenance !== undefined) {
    return (
      <p role="status" className="border-b border-line px-4 py-3 text-warn sm:px-6">
        <span className="font-medium">Under maintenance</span>, since <Moment at={maintenance.since} now={now} />: users get a page instead of the app. To end it: <Command>{`plimsoll maintenance off --app ${name}`}</Command>
      </p>
    )
  }
  if (pause === undefined) return null
  return (
    <p role="status" className="border-b border-line px-4 py-3 text-warn sm:px-6">
      <span className="font-medium">Requests wait</span>{pause.atEnd === 'serve' ? ', for half a minute at most.' : ' while a release changes the database.'} To serve them now: <Command>{`plimsoll resume --app ${name}`}</Command>
    </p>
  )
}
