import { contract } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Page } from '../../../../../../components/page.tsx'
import { ProblemPage } from '../../../../../../components/problem-page.tsx'
import { ReleaseChangesSection } from '../../../../../../components/release-changes.tsx'
import { paths } from '../../../../../../paths.ts'
import { askApi } from '../../../../../../server/ask-api.ts'

type Asked = { params: Promise<{ app: string; release: string }>; searchParams: Promise<{ against?: string }> }

export async function generateMetadata({ params }: Asked): Promise<Metadata> {
  const { app, release } = await params
  return { title: `${decodeURIComponent(app)}, what release ${release} changes` }
}

/** What somebody gives their users who lets one release serve in place of another. */
export default async function ChangesPage({ params, searchParams }: Asked) {
  const [{ app, release }, { against = '' }] = await Promise.all([params, searchParams])
  const isNumber = /^[1-9]\d{0,8}$/
  if (!isNumber.test(release) || !isNumber.test(against)) return notFound()
  const answer = await askApi(contract.showChanges, { params: { app, release }, query: { against: Number(against) } })
  if (answer.is === 'problem') return answer.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={answer.problem} />
  const name = decodeURIComponent(app)
  return (
    <Page trail={[{ label: name, href: paths.app(name) }, { label: `Release ${release}`, href: paths.release(name, Number(release)) }]} here={`Against release ${against}`}>
      <h1 className="text-2xl font-semibold tracking-tight">From release {against} to release {release}</h1>
      <p className="mt-1 mb-6 max-w-3xl text-ink-soft">{Number(release) < Number(against) ? 'Going back changes no schema: what pre-deploy commands have done stays done, and is listed here. A release that runs no longer is started again with the values that are kept now.' : 'By what was written down when each of them was made.'}</p>
      <ReleaseChangesSection changes={answer.value} now={Date.now()} />
    </Page>
  )
}
