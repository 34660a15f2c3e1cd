import type { AppView, ServiceView } from '@plimsoll/model'
import { healthOf, kindWords, notKnown } from '../words/service-health.ts'
import { Mark } from './mark.tsx'
import { inkOf } from './tone-classes.ts'

/** The services of an app: what each is, how it is as far as its place says, and where it answers. */
export function ServiceList({ services, placeProblem }: Pick<AppView, 'services' | 'placeProblem'>) {
  if (services.length === 0) return <p className="px-4 py-3 text-ink-soft">Nothing runs.</p>
  return (
    <ul className="divide-y divide-line">
      {services.map((service) => {
        const { tone, text } = placeProblem === undefined ? healthOf(service) : notKnown
        return (
          <li key={service.service} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 px-4 py-2 sm:grid-cols-[minmax(8rem,1fr)_minmax(0,1fr)_minmax(0,1.4fr)]">
            <p className="min-w-0 break-words">
              <span className="font-medium">{service.service}</span>
              <span className="ml-2 text-[0.8125rem] whitespace-nowrap text-ink-faint">{kindWords[service.kind]}</span>
            </p>
            <p className={`tnum flex items-baseline gap-1.5 text-[0.875rem] ${inkOf[tone]}`}><Mark tone={tone} className="size-3.5 translate-y-0.5" />{text}</p>
            <p className="col-span-2 min-w-0 truncate text-[0.875rem] empty:hidden sm:col-span-1 sm:text-right"><ServiceUrl service={service} /></p>
          </li>
        )
      })}
    </ul>
  )
}

function ServiceUrl({ service: { url, namedUrl } }: { service: ServiceView }) {
  const shown = namedUrl ?? url
  if (shown === undefined) return null
  return <a href={shown} title={url} className="text-busy underline decoration-1 underline-offset-3 hover:decoration-2">{shown.replace(/^https?:\/\//, '').replace(/\/$/, '')}</a>
}
