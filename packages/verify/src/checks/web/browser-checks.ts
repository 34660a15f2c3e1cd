import type { Evidence } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { bootStart } from '../boot/start-check.ts'
import { accessibilityFaults, consoleDoubts, consoleFaults, hydrationFaults, renderFaults, requestDoubts, requestFaults, titleFaults } from './page-faults.ts'
import type { PageVisit } from './page-visit.ts'
import { tourOf, type Tour } from './tour.ts'

interface PageQuestion extends Pick<RehearsalCheck, 'id' | 'title'> {
  readonly faultsOf: (visit: PageVisit) => readonly string[]
  /** After "12 pages of web …". */
  readonly passes: string
  readonly hint: string
  readonly weight?: 'advice'
  /** What may be as it should, and is worth a look. */
  readonly doubtsOf?: (visit: PageVisit) => readonly string[]
}

const questions: readonly PageQuestion[] = [
  { id: 'web.browser', title: 'Pages show something in a real browser', faultsOf: renderFaults, passes: 'open and show something', hint: 'Open the page with the log of the service beside it.' },
  { id: 'web.requests', title: 'All that pages ask of the app is answered', faultsOf: requestFaults, doubtsOf: requestDoubts, passes: 'get all that they ask for', hint: 'A script that is missing was not built or not published; an address that is none of the app\'s was built in: look at its NEXT_PUBLIC_ variables; what fails for CORS needs the page\'s origin allowed by the service.' },
  { id: 'web.console', title: 'Pages run without an error', faultsOf: consoleFaults, doubtsOf: consoleDoubts, passes: 'run without an error', hint: 'Its stack is in the evidence.' },
  { id: 'web.hydration', title: 'Pages come out of the server as they come out of the browser', faultsOf: hydrationFaults, passes: 'come out of the server as out of the browser', hint: 'Something in it differs from one rendering to the next: a date, a random number, a time zone, or a look at `window`.' },
  { id: 'web.titles', title: 'Pages have titles of their own', faultsOf: titleFaults, passes: 'have titles', hint: 'Export `metadata` with a title.', weight: 'advice' },
  { id: 'web.accessibility', title: 'Pages have no serious finding of axe', faultsOf: accessibilityFaults, passes: 'have no serious finding of axe', hint: 'https://dequeuniversity.com/rules/axe says of each how to mend it.', weight: 'advice' },
]

/** What is asked of pages in a real browser. One visit answers all of it. */
export function browserChecks(): readonly RehearsalCheck[] {
  return questions.map((question) => ({
    id: question.id, title: question.title, concern: 'web', after: [bootStart], limitMs: 120_000,
    async ask(rehearsal, signal) {
      const tour = await tourOf(rehearsal, signal)
      if (tour === undefined) return [noBrowser]
      if (tour.visits.length === 0) return [{ is: 'skipped', finding: 'No service answers with pages' }]
      const services = [...new Set(tour.visits.map(({ service }) => service))]
      return services.flatMap((service) => findingsOn(question, { ...tour, visits: tour.visits.filter((visit) => visit.service === service) }))
    },
  }))
}

const noBrowser: Finding = { is: 'skipped', finding: 'No browser found', hint: 'Install one (Debian: apt-get install chromium), or name one in PLIMSOLL_BROWSER.' }

function findingsOn(question: PageQuestion, tour: Tour): Finding[] {
  const { faultsOf, doubtsOf = () => [], weight } = question
  const failed = findingIn({ ...question, faultsOf }, tour.visits)
  const doubted = findingIn({ ...question, faultsOf: doubtsOf }, tour.visits)
  return [
    failed === undefined ? passed(question, tour) : { ...failed, ...(weight !== undefined && { weight }) },
    ...(doubted === undefined ? [] : [{ ...doubted, weight: 'advice' as const }]),
    ...(question.id === 'web.requests' ? keptFrom(tour) : []),
  ]
}

/** What belongs to others is asked nothing: a release is not to depend on how they do. */
function keptFrom({ visits }: Tour): Finding[] {
  const others = [...new Set(visits.flatMap(({ thirdParties }) => thirdParties))]
  const [first] = visits
  if (first === undefined || others.length === 0) return []
  return [{ service: first.service, is: 'skipped', weight: 'advice', finding: `Whether ${first.service} gets what it wants of others was not asked: ${others.join(', ')}` }]
}

function passed({ id, passes }: PageQuestion, { visits, left }: Tour): Finding {
  const [first] = visits
  return {
    ...(first !== undefined && { service: first.service }), is: 'pass',
    finding: `${visits.length} pages of ${first?.service} ${passes}${left > 0 ? ` (${left} more were not opened)` : ''}`,
    ...(id === 'web.browser' && { evidence: visits.flatMap(({ pictures }) => pictures) }),
  }
}

const shown = 5
const explained = 3

function findingIn({ faultsOf, hint }: PageQuestion, visits: readonly PageVisit[]): Finding | undefined {
  const faulty = visits.map((visit) => ({ visit, faults: faultsOf(visit) })).filter(({ faults }) => faults.length > 0)
  const [first] = faulty
  if (first === undefined) return undefined
  const lines = grouped(faulty.flatMap(({ visit: { path }, faults }) => faults.map((fault) => ({ path, fault }))))
  return {
    service: first.visit.service, is: 'fail', hint,
    finding: `${first.visit.service}: ${lines.slice(0, shown).join('; ')}${lines.length > shown ? ` and ${lines.length - shown} more` : ''}`,
    reproduce: `Open ${first.visit.path} of ${first.visit.service} in a browser`,
    evidence: faulty.slice(0, explained).flatMap(({ visit }) => evidenceOf(visit)),
  }
}

/** The same fault on many pages is one line. */
function grouped(faults: readonly { readonly path: string; readonly fault: string }[]): string[] {
  return [...Map.groupBy(faults, ({ fault }) => fault)].map(([fault, [first, ...more]]) => `${first?.path}${more.length > 0 ? ` and ${more.length} more` : ''}: ${fault}`)
}

const keptLines = 100

function evidenceOf({ path, service, log, pictures }: PageVisit): Evidence[] {
  return [{ title: `Console and network of ${path} of ${service}`, text: log.slice(0, keptLines).join('\n') || 'Nothing of note' }, ...pictures]
}
