import { topics, type Channel } from '@plimsoll/model'
import { changeTopics, removeChannel, switchChannel, testChannel } from '../server/manage-channels.ts'
import { AnsweredButton } from './answered-button.tsx'
import { ConfirmAction } from './confirm-action.tsx'
import { ChoiceField, Field, type Choice } from './field.tsx'
import { ProblemForm } from './problem-form.tsx'
import { ToneLabel } from './tone-label.tsx'
import { TopicField } from './topic-field.tsx'

export const channelKinds: Readonly<Record<Channel['kind'], string>> = { slack: 'Slack', webhook: 'Webhook', email: 'Email', github: 'GitHub commit status' }

/** Who is told, of what, and how to try it. */
export function ChannelList({ channels, apps }: { channels: readonly Channel[]; apps: readonly Choice[] }) {
  return <ul className="divide-y divide-line">{channels.map((channel) => <ChannelRow key={channel.id} channel={channel} apps={apps} />)}</ul>
}

function ChannelRow({ channel, apps }: { channel: Channel; apps: readonly Choice[] }) {
  const { id, name, kind, to, app, topics: chosen, on, closed, version } = channel
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-3"><span className="truncate font-medium">{name}</span><ToneLabel words={standing(channel)} /></p>
        <p className="break-words text-[0.8125rem] text-ink-soft">{channelKinds[kind]} to {to} · {app === '*' ? 'all apps' : app} · {chosen.length === topics.length ? 'everything' : `${chosen.length} of ${topics.length} topics`}</p>
        {closed !== null && <p className="break-words text-[0.8125rem] text-warn">The receiver wants nothing any more: {closed.why}</p>}
      </div>
      <div className="contents">
        <AnsweredButton label="Send a test" action={testChannel.bind(null, id)} />
        <ConfirmAction
          label={on ? 'Switch off' : 'Switch on'} title={`Switch ${name} ${on ? 'off' : 'on'}?`} confirm={on ? 'Switch it off' : 'Switch it on'} action={switchChannel.bind(null, id, version, !on)}
          consequences={on ? ['What waits for it is not sent.', 'It is told nothing until it is switched on again.'] : ['It is told what happens from now on, and nothing of before.']}
        />
        <ConfirmAction label="Remove" danger title={`Remove ${name}?`} confirm={`Remove ${name}`} action={removeChannel.bind(null, id)} consequences={['It is told nothing any more, and what waits for it is forgotten.', 'What was sent to it is not listed any more.']} />
      </div>
      <details className="order-last basis-full text-[0.8125rem]">
        <summary className="cursor-pointer py-1 text-ink-soft">Change what {name} hears of</summary>
        <div className="mt-2 max-w-2xl">
          <ProblemForm action={changeTopics.bind(null, id, version)} submit="Change">
            <Field label="Name" name="name" required maxLength={64} autoComplete="off" defaultValue={name} />
            <ChoiceField label="Of" name="app" choices={apps} defaultValue={app} />
            <TopicField chosen={chosen} />
          </ProblemForm>
        </div>
      </details>
    </li>
  )
}

function standing({ on, closed }: Pick<Channel, 'on' | 'closed'>) {
  if (closed !== null) return { label: 'Closed', means: 'The receiver said that it wants nothing any more.', tone: 'warn' as const }
  return on ? { label: 'On', means: 'It is told what happens.', tone: 'good' as const } : { label: 'Off', means: 'It is told nothing.', tone: 'quiet' as const }
}
