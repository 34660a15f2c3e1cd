import { contract, type Invitation, type User } from '@plimsoll/model'
import type { Metadata } from 'next'
import { ConfirmAction } from '../../components/confirm-action.tsx'
import { appChoices, ChoiceField, Field, roleChoices, type Choice } from '../../components/field.tsx'
import { GrantText } from '../../components/grant-text.tsx'
import { MadeForm } from '../../components/made-form.tsx'
import { Moment } from '../../components/moment.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemForm } from '../../components/problem-form.tsx'
import { ProblemPage } from '../../components/problem-page.tsx'
import { Section } from '../../components/section.tsx'
import { appNames } from '../../server/app-names.ts'
import { askApi } from '../../server/ask-api.ts'
import { changeUser, inviteUser, removeUser } from '../../server/manage-access.ts'

export const metadata: Metadata = { title: 'People' }

export default async function PeoplePage() {
  const [people, names] = await Promise.all([askApi(contract.listUsers, {}), appNames()])
  if (people.is === 'problem') return <ProblemPage problem={people.problem} />
  const { users, invitations } = people.value
  const now = Date.now()
  const apps = appChoices(names)
  return (
    <Page here="People">
      <h1 className="sr-only">People</h1>
      <div className="space-y-6">
        <Section title="Who may sign in">
          {users.length === 0 ? <p className="px-4 py-3 text-ink-soft">Nobody yet: only who has the machine itself gets in. Invite an admin first.</p> : <ul className="divide-y divide-line">{users.map((user) => <UserRow key={user.id} user={user} apps={apps} now={now} />)}</ul>}
        </Section>
        <Section title="Invite somebody" note="by a link that works once, for a week">
          <MadeForm action={inviteUser} submit="Make the link">
            <Field label="Name" name="name" required maxLength={64} autoComplete="off" />
            <ChoiceField label="As" name="role" choices={roleChoices} defaultValue="releaser" />
            <ChoiceField label="Of" name="app" choices={apps} />
          </MadeForm>
        </Section>
        {invitations.length > 0 && (
          <Section title="Invited, and not here yet">
            <ul className="divide-y divide-line">{invitations.map((invitation) => <InvitationRow key={invitation.id} invitation={invitation} now={now} />)}</ul>
          </Section>
        )}
      </div>
    </Page>
  )
}

function UserRow({ user: { id, name, grants, seenAt, version }, apps, now }: { user: User; apps: readonly Choice[]; now: number }) {
  const [first] = grants
  return (
    <li className="grid items-center gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="truncate font-medium">{name}</p>
        <p className="text-[0.8125rem] text-ink-soft"><GrantText grants={grants} /> · {seenAt === null ? 'never seen' : <>seen <Moment at={seenAt} now={now} /></>}</p>
        <details className="mt-1 text-[0.8125rem]">
          <summary className="cursor-pointer py-1 text-ink-soft">Change what {name} may do</summary>
          <div className="mt-2 max-w-md">
            <ProblemForm action={changeUser.bind(null, id, version)} submit="Change">
              <ChoiceField label="As" name="role" choices={roleChoices} defaultValue={first?.role} />
              <ChoiceField label="Of" name="app" choices={apps} defaultValue={first?.app} />
            </ProblemForm>
          </div>
        </details>
      </div>
      <ConfirmAction
        label="Remove" danger title={`Remove ${name}?`} confirm={`Remove ${name}`} action={removeUser.bind(null, id)}
        consequences={['Their sessions and all of their tokens end at once.', 'What they did stays in the audit log, under their name.']}
      />
    </li>
  )
}

function InvitationRow({ invitation: { id, name, grants, by, endsAt }, now }: { invitation: Invitation; now: number }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0">
        <p className="truncate font-medium">{name}</p>
        <p className="text-[0.8125rem] text-ink-soft"><GrantText grants={grants} /> · by {by} · until <Moment at={endsAt} now={now} /></p>
      </div>
      <ConfirmAction label="Take it back" title={`Take the invitation of ${name} back?`} confirm="Take it back" action={removeUser.bind(null, id)} consequences={['The link does not work any more.']} />
    </li>
  )
}
