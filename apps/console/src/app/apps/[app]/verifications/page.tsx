import { contract } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Older } from '../../../../components/older.tsx'
import { Page } from '../../../../components/page.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { VerificationList } from '../../../../components/verification-list.tsx'
import { Section } from '../../../../components/section.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'

type Asked = { params: Promise<{ app: string }>; searchParams: Promise<{ before?: string }> }

export async function generateMetadata({ params }: Asked): Promise<Metadata> {
  return { title: `Verifications of ${decodeURIComponent((await params).app)}` }
}

/** Every verification of an app, a page at a time. */
export default async function VerificationsPage({ params, searchParams }: Asked) {
  const [{ app }, { before }] = await Promise.all([params, searchParams])
  const page = await askApi(contract.listVerifications, { params: { app }, query: { limit: 50, ...(before && { before }) } })
  if (page.is === 'problem') return page.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={page.problem} />
  const { verifications, next } = page.value
  const name = decodeURIComponent(app)
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here="Verifications">
      <h1 className="sr-only">Verifications of {name}</h1>
      <Section title="Verifications" note={before === undefined ? 'newest first' : 'older ones'}>
        {verifications.length === 0 ? <p className="px-4 py-3 text-ink-soft">None{before === undefined ? ' yet' : ' before that'}.</p> : <VerificationList verifications={verifications} now={Date.now()} />}
        <Older href={next === null ? undefined : paths.verifications(name, next)} />
      </Section>
    </Page>
  )
}
