import type { InstanceView } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { elapsedOf } from '../words/duration.ts'
import { cpuText, memoryText, servesWords, stateOf } from '../words/instance-words.ts'
import { Mark } from './mark.tsx'
import { inkOf } from './tone-classes.ts'

const heads = ['Service', 'Release', 'State', 'Up for', 'Restarts', 'Memory', 'Processor', 'Log'] as const
const label = 'before:mr-2 before:text-ink-faint before:content-[attr(data-label)] sm:before:hidden'

/** Every instance of an app. Where there is no room for a table, each is a plate of its own. */
export function InstanceList({ app, instances, now, followed }: { app: string; instances: readonly InstanceView[]; now: number; followed: string | undefined }) {
  return (
    <table className="tnum block w-full text-[0.875rem] sm:table">
      <thead className="sr-only text-left text-ink-soft sm:not-sr-only"><tr>{heads.map((head) => <th key={head} scope="col" className="px-4 py-2 font-normal">{head}</th>)}</tr></thead>
      <tbody className="block divide-y divide-line border-line sm:table-row-group sm:border-t">
        {instances.map((instance) => <InstanceRow key={instance.id} app={app} instance={instance} now={now} isFollowed={instance.id === followed} />)}
      </tbody>
    </table>
  )
}

function InstanceRow({ app, instance, now, isFollowed }: { app: string; instance: InstanceView; now: number; isFollowed: boolean }) {
  const { id, unit, serves, restarts, startedAt, state, needs } = instance
  const { tone, text } = stateOf(instance)
  const cells = [
    <>{unit.release}<span className={`ml-2 ${serves === 'live' ? 'text-good' : 'text-ink-soft'}`}>{servesWords[serves]}</span></>,
    <span key="state" className={`inline-flex items-baseline gap-1.5 ${inkOf[tone]}`}><Mark tone={tone} className="size-3.5 translate-y-0.5" />{text}</span>,
    <span key="up" className="sm:whitespace-nowrap">{startedAt === undefined || state !== 'running' ? '–' : elapsedOf(now - Date.parse(startedAt))}</span>,
    <span key="restarts" className={restarts > 0 ? 'font-medium text-warn' : ''}>{restarts}</span>,
    <span key="memory" className="sm:whitespace-nowrap">{needs === undefined ? '–' : memoryText(needs)}</span>,
    needs === undefined ? '–' : cpuText(needs),
  ]
  return (
    <tr className={`grid grid-cols-2 gap-x-4 px-4 py-2.5 sm:table-row sm:px-0 ${isFollowed ? 'bg-well' : ''}`}>
      <th scope="row" className="col-span-2 min-w-0 text-left font-medium break-words sm:px-4 sm:py-2">{unit.service}<span className="block truncate text-[0.75rem] font-normal text-ink-faint" title={id}>{id}</span></th>
      {cells.map((cell, i) => <td key={heads[i + 1]} data-label={heads[i + 1]} className={`py-0.5 sm:px-4 sm:py-2 ${label}`}>{cell}</td>)}
      <td className="col-span-2 sm:px-4 sm:py-2">
        <Link href={`${paths.instance(app, id)}#log`} aria-current={isFollowed ? 'true' : undefined} className="inline-flex min-h-9 items-center underline decoration-line-strong underline-offset-4 hover:decoration-current">Follow<span className="sr-only"> the log of {unit.service} {id}</span></Link>
      </td>
    </tr>
  )
}
