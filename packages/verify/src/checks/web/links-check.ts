import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { bootStart } from '../boot/start-check.ts'
import { pathOf, type Fetched } from './fetch-resource.ts'
import { headerAdvice } from './header-advice.ts'
import { sitesOf, type Site } from './sites-of.ts'

/** Follows every link of the app's own, and loads every file that its pages name. */
export function linksCheck(): RehearsalCheck {
  return {
    id: 'web.links', title: 'No page links to what is not there', concern: 'web', after: [bootStart], limitMs: 60_000,
    async ask(rehearsal, signal) {
      const { sites } = await sitesOf(rehearsal, signal)
      if (sites.length === 0) return [{ is: 'skipped', finding: 'No service answers with pages' }]
      return sites.flatMap((site) => [verdictOn(site), ...headerAdvice(site)])
    },
  }
}

const shown = 5

function verdictOn({ service, found }: Site): Finding {
  // What was known beforehand is the business of the checks that open pages.
  const followed = found.filter(({ from }) => from !== undefined)
  const broken = followed.flatMap((each) => {
    const fault = faultOf(each)
    return fault === undefined ? [] : [{ each, fault }]
  })
  const [first] = broken
  if (first === undefined) return { service, is: 'pass', finding: `${followed.length} links and files of ${service} lead to something` }
  const lines = broken.map(({ each, fault }) => `${pathOf(each.url)}, to which ${each.from} leads, ${fault}`)
  return {
    service, is: 'fail', finding: `${service}: ${lines.slice(0, shown).join('; ')}${lines.length > shown ? ` and ${lines.length - shown} more` : ''}`,
    reproduce: `curl -i ${first.each.url}`,
    hint: 'Correct the link, or bring back what it leads to: a redirect does, for what others have linked to.',
    evidence: [{ title: 'Links that lead nowhere', text: lines.join('\n') }],
  }
}

/** A visitor who is not signed in may be refused, one who follows a link to what takes POST only, and one who comes too often. */
const refusals = new Set([401, 403, 405, 429])

function faultOf({ url, as, status, headers, problem }: Fetched): string | undefined {
  if (status === undefined) return `gives no answer (${problem})`
  if (status >= 400 && !refusals.has(status)) return `answers ${status}`
  const isCode = as === 'asset' && status === 200 && /\.(?:m?js|css)$/.test(new URL(url).pathname)
  // The home page in place of every file that is missing: no browser runs it.
  if (isCode && /\bhtml\b/.test(headers.get('content-type') ?? '')) return 'answers with a page in place of the file'
  return undefined
}
