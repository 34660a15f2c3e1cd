import { contract, type Hook } from '@plimsoll/model'
import type { Metadata } from 'next'
import { ConfirmAction } from '../../../../components/confirm-action.tsx'
import { ChoiceField, Field } from '../../../../components/field.tsx'
import { HookEventList } from '../../../../components/hook-event-list.tsx'
import { MadeForm } from '../../../../components/made-form.tsx'
import { Page } from '../../../../components/page.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { Section } from '../../../../components/section.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'
import { removeHook, setHook } from '../../../../server/manage-hook.ts'

export const metadata: Metadata = { title: 'GitHub' }

export default async function GithubPage({ params }: { params: Promise<{ app: string }> }) {
  const app = decodeURIComponent((await params).app)
  const [hook, events] = await Promise.all([askApi(contract.showHook, { params: { app } }), askApi(contract.listHookEvents, { params: { app } })])
  if (hook.is === 'problem') return <ProblemPage problem={hook.problem} />
  const said = events.is === 'answer' ? events.value : []
  return (
    <Page trail={[{ label: app, href: paths.app(app) }]} here="GitHub">
      <h1 className="sr-only">What is done when the repository of {app} changes</h1>
      <div className="space-y-6">
        <Section title="When its repository changes" note={hook.value === null ? 'nothing is done yet' : hook.value.repository}>
          <HookForm app={app} hook={hook.value} />
          {hook.value !== null && (
            <div className="border-t border-line p-4">
              <ConfirmAction label="Do nothing more" danger title="Do nothing more when the repository changes?" confirm="Do nothing more" action={removeHook.bind(null, app)} consequences={['What GitHub sends is refused from now on.', 'The secret, the token and the list below are forgotten.']} />
            </div>
          )}
        </Section>
        <Section title="What GitHub said">
          {said.length === 0 ? <p className="px-4 py-3 text-ink-soft">Nothing yet.</p> : <HookEventList app={app} events={said} now={Date.now()} />}
        </Section>
      </div>
    </Page>
  )
}

function HookForm({ app, hook }: { app: string; hook: Hook | null }) {
  return (
    <MadeForm action={setHook.bind(null, app)} submit={hook === null ? 'Begin' : 'Change it'}>
      <Field label="Repository" name="repository" required autoComplete="off" placeholder="owner/name" defaultValue={hook?.repository} />
      <Field label="Branch" name="branch" required autoComplete="off" defaultValue={hook?.branch ?? 'main'} />
      <Field label="Directory with render.yaml" name="directory" autoComplete="off" defaultValue={hook?.directory} hint="Empty for the root" />
      <Field label="Server" name="server" type="url" required autoComplete="off" defaultValue={hook?.server ?? 'https://github.com'} />
      <ChoiceField label="A push" name="onPush" defaultValue={hook?.onPush} choices={[{ value: 'release', label: 'is released' }, { value: 'nothing', label: 'nothing is done' }]} />
      <ChoiceField label="A pull request" name="onPullRequest" defaultValue={hook?.onPullRequest} choices={[{ value: 'verify', label: 'is verified' }, { value: 'nothing', label: 'nothing is done' }]} />
      <ChoiceField label="From forks" name="forks" defaultValue={String(hook?.forks ?? false)} choices={[{ value: 'false', label: 'nothing is done' }, { value: 'true', label: 'verified too: runs a stranger’s code here' }]} />
      <Field label="Token" name="token" type="password" autoComplete="off" hint={hook?.hasToken === true ? 'Empty: it stays as it is' : 'Reads the repository, writes commit statuses'} />
    </MadeForm>
  )
}
