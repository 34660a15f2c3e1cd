import type { Finding } from '../../rehearsal/rehearsal-check.ts'
import { isHtml, pathOf, type Fetched } from './fetch-resource.ts'
import type { Site } from './sites-of.ts'

/** What headers could be better, by class of route. Nothing of it has to hold up a release. */
export function headerAdvice({ service, origin, found }: Site): Finding[] {
  const own = found.filter(({ url, status }) => url.startsWith(`${origin}/`) && status === 200)
  const wishes = classes.flatMap(({ of, wishes: each }) => {
    const members = own.filter(of)
    return each.flatMap(({ what, isMissed }) => {
      const missing = members.filter(({ headers }) => isMissed(headers))
      const [first] = missing
      return first === undefined ? [] : [{ what, first, on: `${pathOf(first.url)}${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}` }]
    })
  })
  const [first] = wishes
  if (first === undefined) return []
  return [{
    service, is: 'fail', weight: 'advice', finding: `${service}: ${wishes.map(({ what, on }) => `${what} (${on})`).join('; ')}`,
    reproduce: `curl -sI ${first.first.url}`, hint: 'Set them where the service makes its answers: next.config for Next.js, `headers` of render.yaml for a static site.',
  }]
}

interface Wish {
  readonly what: string
  readonly isMissed: (headers: Headers) => boolean
}

interface RouteClass {
  readonly of: (fetched: Fetched) => boolean
  readonly wishes: readonly Wish[]
}

/** A name with a hash of its content: what it names never changes. */
const hashed = /(?:^|\/)_next\/static\/(?!.*\/_(?:build|ssg)Manifest\.js)|[.-](?=[\w-]*\d)[\w-]{8,}\.(?:m?js|css|woff2?)$/

const classes: readonly RouteClass[] = [
  {
    of: isHtml,
    wishes: [
      { what: 'pages are kept as if they never changed', isMissed: (headers) => /\bimmutable\b/.test(headers.get('cache-control') ?? '') },
      { what: 'pages let every other site frame them', isMissed: (headers) => !headers.has('x-frame-options') && !/\bframe-ancestors\b/.test(headers.get('content-security-policy') ?? '') },
      { what: 'pages have no Referrer-Policy', isMissed: (headers) => !headers.has('referrer-policy') },
      { what: 'answers say what they were made with (X-Powered-By)', isMissed: (headers) => headers.has('x-powered-by') },
    ],
  },
  {
    of: () => true,
    wishes: [
      { what: 'answers have no Content-Type', isMissed: (headers) => !headers.has('content-type') },
      { what: 'answers leave their type to be guessed (X-Content-Type-Options)', isMissed: (headers) => headers.get('x-content-type-options') !== 'nosniff' },
    ],
  },
  {
    of: ({ as, url }) => as === 'asset' && hashed.test(new URL(url).pathname),
    wishes: [{ what: 'files that never change are asked for again and again (Cache-Control: immutable)', isMissed: (headers) => !/\bimmutable\b/.test(headers.get('cache-control') ?? '') }],
  },
]
