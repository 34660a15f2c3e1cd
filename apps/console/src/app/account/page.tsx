import { contract } from '@plimsoll/model'
import type { Metadata } from 'next'
import { Field } from '../../components/field.tsx'
import { GrantText } from '../../components/grant-text.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemForm } from '../../components/problem-form.tsx'
import { ProblemPage } from '../../components/problem-page.tsx'
import { Section } from '../../components/section.tsx'
import { askApi } from '../../server/ask-api.ts'
import { changePassword } from '../../server/get-in.ts'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage({ searchParams }: { searchParams: Promise<{ changed?: string }> }) {
  const who = await askApi(contract.whoAmI, {})
  if (who.is === 'problem') return <ProblemPage problem={who.problem} />
  const { name, kind, grants } = who.value
  return (
    <Page here="Account">
      <h1 className="text-2xl font-semibold tracking-tight">{name}</h1>
      <p className="mt-1 mb-6 text-ink-soft">You are <GrantText grants={grants} />.</p>
      {kind === 'user' && (
        <div className="max-w-md">
          <Section title="Change your password" note="other browsers are signed out">
            <div className="p-4">
              {(await searchParams).changed === 'yes' && <p role="status" className="mb-4 border-l-2 border-good pl-3">It is changed.</p>}
              <ProblemForm action={changePassword} submit="Change it">
                <Field label="Current password" name="current" type="password" autoComplete="current-password" required maxLength={200} />
                <Field label="New password" name="password" type="password" autoComplete="new-password" required minLength={12} maxLength={200} hint="12 characters or more." />
                <Field label="The new one again" name="again" type="password" autoComplete="new-password" required minLength={12} maxLength={200} />
              </ProblemForm>
            </div>
          </Section>
        </div>
      )}
    </Page>
  )
}
