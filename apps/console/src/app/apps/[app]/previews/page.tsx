import { contract, type PreviewSettings } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ChoiceField, Field } from '../../../../components/field.tsx'
import { KeepFresh } from '../../../../components/keep-fresh.tsx'
import { MadeForm } from '../../../../components/made-form.tsx'
import { Page } from '../../../../components/page.tsx'
import { PreviewList } from '../../../../components/preview-list.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { Section } from '../../../../components/section.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'
import { createPreview, setPreviewSettings } from '../../../../server/manage-previews.ts'
import { looksAs } from '../../../../server/who-looks.ts'
import { previewSettingsSentence } from '../../../../words/preview-words.ts'

type Params = { params: Promise<{ app: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `Previews of ${decodeURIComponent((await params).app)}` }
}

export default async function PreviewsPage({ params }: Params) {
  const app = decodeURIComponent((await params).app)
  const [previews, settings, mayRelease, maySettle] = await Promise.all([askApi(contract.listPreviews, { params: { app } }), askApi(contract.showPreviewSettings, { params: { app } }), looksAs('releaser', app), looksAs('admin', app)])
  if (previews.is === 'problem') return previews.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={previews.problem} />
  if (settings.is === 'problem') return <ProblemPage problem={settings.problem} />
  const list = previews.value
  return (
    <Page trail={[{ label: app, href: paths.app(app) }]} here="Previews">
      {/* What is typed below is not disturbed while nothing changes by itself. */}
      {list.some(({ state }) => state === 'making' || state === 'ending') && <KeepFresh everyMs={4000} />}
      <h1 className="text-2xl font-semibold tracking-tight">Previews of {app}</h1>
      <p className="mt-1 mb-6 max-w-3xl text-ink-soft">{previewSettingsSentence(settings.value)}</p>
      <div className="space-y-6">
        <Section title="Now" note={`${list.length} of ${settings.value.limit}`}>
          {list.length === 0 ? <p className="px-4 py-3 text-ink-soft">None.</p> : <PreviewList previews={list} now={Date.now()} maySteer={mayRelease} />}
        </Section>
        {mayRelease && (
          <Section title="Make one by hand">
            <MadeForm action={createPreview.bind(null, app)} submit="Make it">
              <Field label="Branch" name="branch" required maxLength={300} autoComplete="off" hint="Its newest commit is released as an app of its own" />
            </MadeForm>
          </Section>
        )}
        {maySettle && <Section title="How they are made"><SettingsForm app={app} settings={settings.value} /></Section>}
      </div>
    </Page>
  )
}

function SettingsForm({ app, settings }: { app: string; settings: PreviewSettings }) {
  const { data, secrets, forks, verify, limit, whenFull, expireAfterDays } = settings
  return (
    <MadeForm action={setPreviewSettings.bind(null, app)} submit="Change it">
      <ChoiceField label="Databases" name="data" defaultValue={data} choices={[{ value: 'clone', label: 'begin as a copy of the live data' }, { value: 'empty', label: 'begin empty' }]} />
      <Field label="Values that come along" name="secrets" autoComplete="off" defaultValue={secrets.join(', ')} hint="SERVICE/KEY, separated by commas; * for all that were set" />
      <ChoiceField label="Pull requests from forks" name="forks" defaultValue={String(forks)} choices={[{ value: 'false', label: 'have none' }, { value: 'true', label: 'have one: a stranger’s code reads its databases' }]} />
      <ChoiceField label="Before a release" name="verify" defaultValue={String(verify)} choices={[{ value: 'false', label: 'nothing is proven' }, { value: 'true', label: 'it is proven in a copy' }]} />
      <Field label="At once" name="limit" type="number" min={1} max={50} required defaultValue={limit} />
      <ChoiceField label="When there are as many" name="whenFull" defaultValue={whenFull} choices={[{ value: 'refuse', label: 'the next one is refused' }, { value: 'end-oldest', label: 'the oldest is ended' }]} />
      <Field label="Days without a commit" name="expireAfterDays" type="number" min={1} max={365} required defaultValue={expireAfterDays} hint="Where previews.expireAfterDays does not say" />
    </MadeForm>
  )
}
