import { contract } from '@plimsoll/model'
import type { Metadata } from 'next'
import { Door } from '../../../components/door.tsx'
import { Field } from '../../../components/field.tsx'
import { ProblemForm } from '../../../components/problem-form.tsx'
import { ProviderWay } from '../../../components/provider-way.tsx'
import { ProblemView } from '../../../components/problem-view.tsx'
import { tryApi } from '../../../server/ask-api.ts'
import { join } from '../../../server/get-in.ts'

export const metadata: Metadata = { title: 'Join' }

export default async function JoinPage({ params }: { params: Promise<{ code: string }> }) {
  const { code } = await params
  const invitation = await tryApi(contract.showInvitation, { body: { code } })
  if (invitation.is === 'problem') return <Door title="This invitation does not work"><ProblemView problem={invitation.problem} /></Door>
  return (
    <Door title={`Welcome, ${invitation.value.name}`}>
      <ProviderWay words="Join" invitation={code} />
      <ProblemForm action={join.bind(null, code)} submit="Choose this password">
        <input type="hidden" autoComplete="username" name="name" value={invitation.value.name} readOnly />
        <Field label="Password" name="password" type="password" autoComplete="new-password" required minLength={12} maxLength={200} hint="12 characters or more. A few words that belong together only for you are good." />
        <Field label="The same again" name="again" type="password" autoComplete="new-password" required minLength={12} maxLength={200} />
      </ProblemForm>
    </Door>
  )
}
