import { contract } from '@plimsoll/model'
import type { Metadata } from 'next'
import { ChannelForms } from '../../components/channel-forms.tsx'
import { ChannelList } from '../../components/channel-list.tsx'
import { DeliveryList } from '../../components/delivery-list.tsx'
import { appChoices } from '../../components/field.tsx'
import { Page } from '../../components/page.tsx'
import { ProblemPage } from '../../components/problem-page.tsx'
import { ProblemView } from '../../components/problem-view.tsx'
import { Section } from '../../components/section.tsx'
import { appNames } from '../../server/app-names.ts'
import { askApi } from '../../server/ask-api.ts'

export const metadata: Metadata = { title: 'Notifications' }

export default async function NotificationsPage() {
  const [channels, deliveries, names] = await Promise.all([askApi(contract.listChannels, {}), askApi(contract.listDeliveries, {}), appNames()])
  if (channels.is === 'problem') return <ProblemPage problem={channels.problem} />
  const apps = appChoices(names)
  return (
    <Page here="Notifications">
      <h1 className="sr-only">Notifications</h1>
      <div className="space-y-6">
        <Section title="Who is told" note="where they are reached is never shown again">
          {channels.value.length === 0 ? <Nothing>Nobody yet. Whoever is to hear of releases is added below.</Nothing> : <ChannelList channels={channels.value} apps={apps} />}
        </Section>
        <Section title="Tell somebody more"><ChannelForms apps={apps} /></Section>
        <Section title="Last messages" note="tried for a day, each until it has arrived">
          {deliveries.is === 'problem' ? <div className="p-4"><ProblemView problem={deliveries.problem} /></div> : deliveries.value.length === 0 ? <Nothing>Nothing was to be told yet.</Nothing> : <DeliveryList deliveries={deliveries.value} now={Date.now()} />}
        </Section>
      </div>
    </Page>
  )
}

function Nothing({ children }: { children: React.ReactNode }) {
  return <p className="px-4 py-3 text-ink-soft">{children}</p>
}
