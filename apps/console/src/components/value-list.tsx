import type { KeptValue } from '@plimsoll/model'

const origins: Readonly<Record<KeptValue['origin'], string>> = { set: 'set by a person', generated: 'generated once' }

/** The names of kept values and where they came from. The values themselves are never sent here. */
export function ValueList({ values }: { values: readonly KeptValue[] }) {
  return (
    <ul className="divide-y divide-line">
      {values.map(({ key, service, origin }) => (
        <li key={`${service} ${key}`} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 px-4 py-2">
          <p className="min-w-0 truncate font-mono text-[0.8125rem]" title={key}>{key}</p>
          <p className="text-right text-[0.8125rem] text-ink-soft">{origins[origin]}</p>
          <p className="text-[0.8125rem] text-ink-faint">{service}</p>
        </li>
      ))}
    </ul>
  )
}
