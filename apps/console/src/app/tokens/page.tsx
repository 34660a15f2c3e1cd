import { contract, longestTokenDays, type Token } from '@plimsoll/model'
import type { Metadata } from 'next'
import { ConfirmAction } from '../../components/confirm-action.tsx'
import { appChoices, ChoiceField, Field, roleChoices } from '../../components/field.tsx'
import { GrantText } from '../../components/grant-text.tsx'
import { MadeForm } from '../../components/made-form.tsx'
import { Moment } from '../../components/moment.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemPage } from '../../components/problem-page.tsx'
import { Section } from '../../components/section.tsx'
import { appNames } from '../../server/app-names.ts'
import { askApi } from '../../server/ask-api.ts'
import { createToken, revokeToken } from '../../server/manage-access.ts'

export const metadata: Metadata = { title: 'Tokens' }

export default async function TokensPage() {
  const [tokens, names] = await Promise.all([askApi(contract.listTokens, {}), appNames()])
  if (tokens.is === 'problem') return <ProblemPage problem={tokens.problem} />
  const now = Date.now()
  return (
    <Page here="Tokens">
      <h1 className="sr-only">Tokens</h1>
      <div className="space-y-6">
        <Section title="Tokens for programs" note="never more than whoever made them may do">
          {tokens.value.length === 0 ? <p className="px-4 py-3 text-ink-soft">None yet.</p> : <ul className="divide-y divide-line">{tokens.value.map((token) => <TokenRow key={token.id} token={token} now={now} />)}</ul>}
        </Section>
        <Section title="Make a token" note="it is shown once">
          <MadeForm action={createToken} submit="Make the token">
            <Field label="What it is for" name="name" required maxLength={64} autoComplete="off" placeholder="CI" />
            <ChoiceField label="It acts as" name="role" choices={roleChoices} defaultValue="releaser" />
            <ChoiceField label="Of" name="app" choices={appChoices(names)} />
            <Field label="Days" name="days" type="number" required min={1} max={longestTokenDays} defaultValue={90} inputMode="numeric" />
          </MadeForm>
        </Section>
      </div>
    </Page>
  )
}

function TokenRow({ token: { id, name, grants, by, endsAt, seenAt }, now }: { token: Token; now: number }) {
  const isOver = Date.parse(endsAt) <= now
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0">
        <p className="truncate font-medium">{name}</p>
        <p className="text-[0.8125rem] text-ink-soft">
          <GrantText grants={grants} /> · by {by} · {seenAt === null ? 'never used' : <>used <Moment at={seenAt} now={now} /></>} · {isOver ? <span className="text-bad">over</span> : <>until <time dateTime={endsAt}>{endsAt.slice(0, 10)}</time></>}
        </p>
      </div>
      <ConfirmAction label="End it" danger title={`End the token ${name}?`} confirm="End it" action={revokeToken.bind(null, id)} consequences={['Whatever uses it is refused from now on.']} />
    </li>
  )
}
