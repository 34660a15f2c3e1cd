import type { Channel } from '@plimsoll/model'
import type { ReactNode } from 'react'
import { addChannel } from '../server/manage-channels.ts'
import { channelKinds } from './channel-list.tsx'
import { ChoiceField, Field, type Choice } from './field.tsx'
import { MadeForm } from './made-form.tsx'
import { TopicField } from './topic-field.tsx'

const secret = { type: 'password', required: true, autoComplete: 'off', maxLength: 2000 } as const

const fields: Readonly<Record<Channel['kind'], ReactNode>> = {
  slack: <Field label="Address of the incoming webhook" name="url" placeholder="https://hooks.slack.com/services/…" {...secret} />,
  webhook: (
    <>
      <Field label="Address" name="url" placeholder="https://example.org/hooks/plimsoll" {...secret} />
      <Field label="Secret" name="secret" {...secret} required={false} hint="whsec_…; made and shown once where it is empty" />
    </>
  ),
  email: (
    <>
      <Field label="Mail server" name="server" placeholder="smtp://user:password@host:587" {...secret} />
      <Field label="From" name="from" type="email" required autoComplete="off" />
      <Field label="To" name="to" required autoComplete="off" hint="With commas between" />
    </>
  ),
  github: (
    <>
      <Field label="Repository" name="repository" required autoComplete="off" placeholder="owner/name" />
      <Field label="Token" name="token" {...secret} hint="May write commit statuses" />
      <Field label="API" name="apiUrl" type="url" autoComplete="off" hint="Empty for github.com" />
    </>
  ),
}

/** One form for each kind of channel, of which one is open at a time. */
export function ChannelForms({ apps }: { apps: readonly Choice[] }) {
  return (Object.keys(channelKinds) as Channel['kind'][]).map((kind) => (
    <details key={kind} name="channel-kind" className="border-line not-first:border-t">
      <summary className="cursor-pointer px-4 py-3 font-medium">{channelKinds[kind]}</summary>
      <MadeForm action={addChannel.bind(null, kind)} submit={`Tell by ${kind === 'github' ? 'commit status' : channelKinds[kind]}`}>
        <Field label="Name" name="name" required maxLength={64} autoComplete="off" placeholder="Ops" />
        <ChoiceField label="Of" name="app" choices={apps} />
        {fields[kind]}
        <TopicField />
      </MadeForm>
    </details>
  ))
}
