import type { Problem, Release, TrafficPicture } from '@plimsoll/model'
import { paths } from '../paths.ts'
import { servingNumber } from '../release/who-serves.ts'
import type { Answer } from '../server/ask-api.ts'
import { LiveTraffic } from './live-traffic.tsx'
import { ProblemView } from './problem-view.tsx'
import { Section } from './section.tsx'
import { TrafficView } from './traffic-view.tsx'

/** The traffic picture of a release: as it happens while it goes on, drawn once when it is past, and left out where nothing was kept. */
export function TrafficSection({ release, traffic }: { release: Release; traffic: Answer<TrafficPicture> }) {
  if (traffic.is === 'problem') return <Told problem={traffic.problem} />
  const subject = servingNumber(release)
  const { painting, points } = traffic.value
  if (!painting && points.length === 0) return null
  return (
    <Section title="What users get" note={painting ? 'once a second' : 'from a minute before anybody met it'}>
      {painting ? <LiveTraffic url={paths.traffic(release.app, release.number)} subject={subject} /> : <TrafficView picture={traffic.value} subject={subject} />}
    </Section>
  )
}

function Told({ problem }: { problem: Problem }) {
  return <Section title="What users get"><div className="p-4"><ProblemView problem={problem} /></div></Section>
}
