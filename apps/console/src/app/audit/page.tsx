import { contract, type AuditEntry } from '@plimsoll/model'
import type { Metadata } from 'next'
import Link from 'next/link'
import { Moment } from '../../components/moment.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemPage } from '../../components/problem-page.tsx'
import { Section } from '../../components/section.tsx'
import { paths } from '../../paths.ts'
import { askApi } from '../../server/ask-api.ts'

export const metadata: Metadata = { title: 'Audit log' }

export default async function AuditPage({ searchParams }: { searchParams: Promise<{ before?: string }> }) {
  const before = Number((await searchParams).before)
  const log = await askApi(contract.listAudit, { query: Number.isInteger(before) && before > 0 ? { before } : {} })
  if (log.is === 'problem') return <ProblemPage problem={log.problem} />
  const { entries, next } = log.value
  const now = Date.now()
  return (
    <Page here="Audit log">
      <h1 className="sr-only">Audit log</h1>
      <Section title="Who asked for what" note="only ever added to">
        {entries.length === 0 ? <p className="px-4 py-3 text-ink-soft">Nobody has asked for a change{before > 0 ? ' before that' : ''}.</p> : <ol className="divide-y divide-line">{entries.map((entry) => <EntryRow key={entry.id} entry={entry} now={now} />)}</ol>}
      </Section>
      {next !== null && <p className="mt-4"><Link href={`${paths.audit}?before=${next}`} className="underline underline-offset-4">Older</Link></p>}
    </Page>
  )
}

const tones: Readonly<Record<AuditEntry['outcome'], string>> = { allowed: 'text-ink-soft', refused: 'text-bad', failed: 'text-warn' }

function EntryRow({ entry: { at, who, action, app, outcome, code, details, address }, now }: { entry: AuditEntry; now: number }) {
  const told = Object.entries(details).filter(([, value]) => value !== undefined && value !== null)
  return (
    <li className="grid gap-x-4 px-4 py-2 sm:grid-cols-[9rem_12rem_minmax(0,1fr)_auto]">
      <p className="text-[0.8125rem] text-ink-soft"><Moment at={at} now={now} /></p>
      <p className="truncate" title={`${who.kind} ${who.name}`}>{who.kind === 'nobody' ? <span className="text-ink-soft">somebody unknown</span> : who.name}{who.kind === 'token' && <span className="text-ink-soft"> (token)</span>}</p>
      <p className="min-w-0 break-words"><code className="font-mono text-[0.875em]">{action}</code>{app !== null && <> of {app}</>}{told.length > 0 && <span className="text-[0.8125rem] text-ink-soft"> {told.map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ')}</span>}</p>
      <p className={`text-[0.8125rem] ${tones[outcome]}`} title={address ?? undefined}>{outcome}{code !== null && ` (${code})`}</p>
    </li>
  )
}
