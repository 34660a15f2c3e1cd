import type { NamedTest } from '@plimsoll/model'

/** Tests of suites, each with what its last failure said. */
export function TestList({ tests }: { tests: readonly NamedTest[] }) {
  return (
    <ul className="divide-y divide-line">
      {tests.map(({ suite, name, message, quarantined }) => (
        <li key={`${suite} ${name}`} className="px-4 py-2">
          <p className="break-words">{name}</p>
          <p className="text-[0.8125rem] text-ink-soft">{suite}{quarantined !== undefined && `, in quarantine until ${quarantined.until} (${quarantined.owner}): ${quarantined.reason}`}</p>
          {message !== undefined && <pre tabIndex={0} aria-label={`What ${name} said`} className="mt-1 max-h-60 overflow-auto rounded-sm bg-well p-2 font-mono text-xs whitespace-pre-wrap">{message}</pre>}
        </li>
      ))}
    </ul>
  )
}
