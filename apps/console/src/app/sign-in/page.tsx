import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { Command } from '../../components/command.tsx'
import { Door } from '../../components/door.tsx'
import { Field } from '../../components/field.tsx'
import { ProblemForm } from '../../components/problem-form.tsx'
import { ProviderWay } from '../../components/provider-way.tsx'
import { saidBefore } from '../../server/provider-trip.ts'
import { signIn } from '../../server/get-in.ts'
import { localPath } from '../../server/session.ts'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ to?: string; link?: string }> }) {
  const { to: wanted, link } = await searchParams
  const to = localPath(wanted)
  // Browsers keep the session back from whoever comes by a link of another site, and send it with the next request, which is the console's own.
  if ((await headers()).get('sec-fetch-site') === 'cross-site') return <OneMoreStep to={to} />
  const said = await saidBefore()
  return (
    <Door title="Sign in">
      {said !== undefined && <p role="alert" className="mb-5 border-l-2 border-bad pl-3 break-words">{said}</p>}
      {link === 'over' && <p role="alert" className="mb-5 border-l-2 border-bad pl-3">That link was used already, or its time is over.</p>}
      <ProviderWay words="Sign in" to={to} />
      <ProblemForm action={signIn.bind(null, to)} submit="Sign in">
        <Field label="Name" name="name" autoComplete="username" required maxLength={64} />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required maxLength={200} />
      </ProblemForm>
      <p className="mt-8 text-[0.8125rem] text-ink-soft">For the first time here, or without your password? On the machine itself <Command>plimsoll console</Command> lets you in; elsewhere an admin can invite you.</p>
    </Door>
  )
}

function OneMoreStep({ to }: { to: string }) {
  return (
    <Door title="One moment">
      <meta httpEquiv="refresh" content={`0;url=${to}`} />
      <p><a href={to} className="underline underline-offset-4">Go on to the console</a></p>
    </Door>
  )
}
