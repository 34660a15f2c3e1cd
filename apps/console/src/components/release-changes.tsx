import type { ArtifactChange, ReleaseChanges, SchemaChanges, VariableChange } from '@plimsoll/model'
import type { ReactNode } from 'react'
import type { Tone } from '../words/tone.ts'
import { originOf } from '../words/origin.ts'
import { sizeChangeOf, sizeOf } from '../words/size.ts'
import { CommitList } from './commit-list.tsx'
import { Mark } from './mark.tsx'
import { Section } from './section.tsx'

/** How a release differs from another, for whoever is about to give it to users, or to take it back from them. */
export function ReleaseChangesSection({ changes, now }: { changes: ReleaseChanges; now: number }) {
  const { against, release, commits, environment, artifacts, schema } = changes
  return (
    <Section title="What changes" note={against === null ? 'nothing was live before it' : `release ${release} against release ${against}`}>
      <dl className="divide-y divide-line">
        <Part title="Commits">
          {commits.is === 'not known' ? <NotKnown why={commits.why} /> : <Commits {...{ commits, against, now }} />}
        </Part>
        <Part title="Database schema">
          {schema.is === 'not known' ? <NotKnown why={schema.why} /> : <ul className="space-y-3">{schema.steps.map((step) => <li key={step.release}><SchemaStep step={step} isOneOf={schema.steps.length > 1} /></li>)}{schema.steps.length === 0 && <li>Stays as it is.</li>}</ul>}
        </Part>
        <Part title="Environment" note="names, never values">
          {environment.is === 'not known' ? <NotKnown why={environment.why} /> : <Variables variables={environment.variables} />}
        </Part>
        <Part title="Artifacts">
          {artifacts.is === 'not known' ? <NotKnown why={artifacts.why} /> : <ul className="space-y-1">{artifacts.services.map((each) => <li key={each.service} className="flex flex-wrap justify-between gap-x-4"><span className="min-w-0 break-words">{each.service}</span><span className="tnum text-[0.875rem] text-ink-soft">{artifactWords(each)}</span></li>)}</ul>}
        </Part>
      </dl>
    </Section>
  )
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
      <dt className="font-medium">{title}{note !== undefined && <span className="block text-[0.8125rem] font-normal text-ink-soft">{note}</span>}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function NotKnown({ why }: { why: string }) {
  return <p className="break-words text-ink-soft">Not known. {why}.</p>
}

type KnownCommits = Extract<ReleaseChanges['commits'], { is: 'known' }>

function Commits({ commits: { added, dropped, caveats }, against, now }: { commits: KnownCommits; against: number | null; now: number }) {
  const count = added.commits.length + added.more
  const gone = dropped.commits.length + dropped.more
  return (
    <div className="space-y-3">
      {count === 0 && gone === 0 && <p>The same commit.</p>}
      {count > 0 && <CommitList title={count === 1 ? 'One commit is new' : `${count} commits are new`} list={added} now={now} />}
      {gone > 0 && <CommitList tone="warn" title={`${gone === 1 ? 'One commit' : `${gone} commits`} of release ${against ?? ''} ${gone === 1 ? 'is' : 'are'} not in it`} list={dropped} now={now} />}
      {caveats.map((caveat) => <Remark key={caveat}>{caveat}.</Remark>)}
    </div>
  )
}

function Remark({ children }: { children: ReactNode }) {
  return <p className="flex gap-1.5 text-[0.875rem] text-warn"><Mark tone="warn" className="mt-1 size-3.5" /><span className="min-w-0 break-words">{children}</span></p>
}

function SchemaStep({ step: { release, isKnown, finding, hurts, changes }, isOneOf }: { step: SchemaChanges; isOneOf: boolean }) {
  const tone: Tone = !isKnown || hurts ? 'warn' : 'quiet'
  return (
    <>
      <p className="flex gap-1.5"><Mark tone={tone} className="mt-1 size-3.5" /><span className="min-w-0 break-words">{isOneOf && `Release ${release}: `}{!isKnown && 'Not known. '}{finding}.</span></p>
      {changes.length > 0 && <ul className="mt-1 list-disc space-y-0.5 pl-9 text-[0.875rem] break-words text-ink-soft marker:text-ink-faint">{changes.map((change) => <li key={change}>{change}</li>)}</ul>}
    </>
  )
}

const variableWords: Readonly<Record<VariableChange['is'], string>> = { added: 'new', removed: 'gone', changed: 'another value', moved: 'same value, from elsewhere' }

function Variables({ variables }: { variables: readonly VariableChange[] }) {
  if (variables.length === 0) return <p>The same names with the same values.</p>
  return (
    <ul className="space-y-1">
      {variables.map(({ service, key, is, origin, was }) => (
        <li key={`${service} ${key}`} className="grid gap-x-4 sm:grid-cols-[minmax(0,1fr)_auto]">
          <p className="min-w-0 break-words"><span className="font-mono text-[0.8125rem]">{key}</span> <span className="text-[0.8125rem] text-ink-soft">of {service}</span></p>
          <p className="text-[0.875rem] text-ink-soft sm:text-right"><span className="font-medium text-ink">{variableWords[is]}</span>, {originOf(origin)}{was !== undefined && ` (was: ${originOf(was)})`}</p>
        </li>
      ))}
    </ul>
  )
}

function artifactWords({ is, sizeBytes = 0, wasBytes = 0 }: ArtifactChange): string {
  if (is === 'removed') return `gone, was ${sizeOf(wasBytes)}`
  if (is === 'same') return `the same, ${sizeOf(sizeBytes)}`
  if (is === 'added') return `new, ${sizeOf(sizeBytes)}`
  return `${sizeOf(sizeBytes)}, ${sizeChangeOf(wasBytes, sizeBytes)}`
}
