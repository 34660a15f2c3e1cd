import type { StaticSite } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { bootStart } from '../boot/start-check.ts'
import { pathOf, type Fetched } from './fetch-resource.ts'
import { sitesOf, type Site } from './sites-of.ts'

/** Asks static sites for what render.yaml says of them: that there are files, where routes lead, which headers they carry. */
export function staticSitesCheck(): RehearsalCheck {
  return {
    id: 'web.static-sites', title: 'Static sites answer as render.yaml says', concern: 'web', after: [bootStart], limitMs: 60_000,
    async ask(rehearsal, signal) {
      const { sites } = await sitesOf(rehearsal, signal)
      const asked = sites.flatMap((site) => (site.staticSite === undefined ? [] : [verdictOn(site, site.staticSite, signal)]))
      return asked.length > 0 ? Promise.all(asked) : [{ is: 'skipped', finding: 'No service is a static site' }]
    },
  }
}

async function verdictOn(site: Site, rules: StaticSite, signal: AbortSignal): Promise<Finding> {
  const { service, origin, found } = site
  const home = found.find(({ url }) => url === `${origin}/`)
  const missing = home?.status === 200 ? [] : [`${service} publishes no index.html in ${rules.publishPath}: / answers ${home?.status ?? home?.problem}`]
  const routes = (await Promise.all(rules.routes.map(async (rule) => routeFault(origin, rule, signal)))).flat()
  const faults = [...missing, ...routes, ...headerFaults(site, rules)]
  if (faults.length === 0) return { service, is: 'pass', finding: `${service} has its pages, ${rules.routes.length} routes and ${rules.headers.length} headers as render.yaml says` }
  return { service, is: 'fail', finding: `${service}: ${faults.join('; ')}`, reproduce: `curl -i ${origin}/`, hint: 'Compare staticPublishPath, routes and headers in render.yaml with what the build leaves there.' }
}

const timeoutMs = 10_000

/** A route leads to what is there: a redirect to what answers well, a rewrite to a file. What leads to other sites is theirs. */
async function routeFault(origin: string, { type, source, destination }: StaticSite['routes'][number], signal: AbortSignal): Promise<string[]> {
  if (!destination.startsWith('/')) return []
  const get = (url: string, redirect: 'manual' | 'follow'): Promise<Response> => fetch(url, { redirect, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) })
  const asked = await get(`${origin}${exampleOf(source)}`, 'manual')
  await asked.body?.cancel()
  const isRedirect = asked.status >= 300 && asked.status < 400
  if (type === 'rewrite') return asked.status === 200 || isRedirect ? [] : [`${source}, rewritten to ${destination}, answers ${asked.status}`]
  // A file of that name wins over the route.
  if (!isRedirect) return asked.status === 200 ? [] : [`${source} is not redirected, but answers ${asked.status}`]
  if (/[*:]/.test(destination)) return []
  const end = await get(`${origin}${destination}`, 'follow')
  await end.body?.cancel()
  return end.status < 400 ? [] : [`${source} is redirected to ${destination}, which answers ${end.status}`]
}

/** A path that the route is for. */
function exampleOf(source: string): string {
  return source.replace(/\*|:[A-Za-z_]\w*/g, 'plimsoll-example')
}

/** Of rules for the same header the last one that fits a path counts. */
function headerFaults({ origin, found }: Site, { headers }: StaticSite): string[] {
  const own = found.filter(({ url, status }) => url.startsWith(`${origin}/`) && status === 200)
  const faults = headers.flatMap((rule, at) => {
    const isMeant = ({ url }: Fetched): boolean => {
      const path = new URL(url).pathname
      return fits(rule.path, path) && !headers.slice(at + 1).some((later) => later.name.toLowerCase() === rule.name.toLowerCase() && fits(later.path, path))
    }
    const without = own.find((each) => isMeant(each) && each.headers.get(rule.name) !== rule.value)
    return without === undefined ? [] : [`${pathOf(without.url)} has ${rule.name}: ${without.headers.get(rule.name) ?? 'nothing'} instead of ${rule.value}`]
  })
  return [...new Set(faults)]
}

function fits(glob: string, path: string): boolean {
  const pattern = glob.split(/\*+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*')
  return new RegExp(`^${pattern}$`).test(path)
}
