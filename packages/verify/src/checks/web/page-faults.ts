import type { PageRequest, PageVisit } from './page-visit.ts'

/** What frameworks show in place of a page that could not be made. */
const boundaries = [/Application error: a (?:client|server)-side exception has occurred/, /^(?:500\s*)?Internal Server Error\.?$/, /This page could not be found\.?$/, /Unexpected Application Error!/, /^Cannot GET \//]

/** Why the page shows nothing of use, if so. */
export function renderFaults({ status, problem, text, emptiness }: PageVisit): string[] {
  if (status === undefined) return [`cannot be opened (${problem})`]
  if (status >= 400) return [`answers ${status}`]
  const boundary = boundaries.map((each) => each.exec(text)?.[0]).find((each) => each !== undefined)
  if (boundary !== undefined) return [`shows an error: “${boundary}”`]
  if (emptiness === undefined) return []
  return [emptiness === 'page' ? 'shows nothing' : 'shows nothing in its <main>, only what is around it']
}

/** What the framework said about a page that came out of the server otherwise than out of the browser. Its words are all that there is to see of it. */
const hydration = /Minified React error #(?:418|419|421|422|423|425)\b|\bhydrat(?:ion|ing|e)\b/i

export function hydrationFaults(visit: PageVisit): string[] {
  return once(seen(visit).errors.filter((error) => hydration.test(error)).map(short))
}

/** What follows from a file or an answer that is missing, which has a verdict of its own. */
const consequences = /ChunkLoadError|Loading (?:CSS )?chunk|Failed to load chunk|dynamically imported module|Failed to fetch|NetworkError|ERR_NAME_NOT_RESOLVED/
const absences = /is not defined|is not a function|Cannot read propert|of undefined/

export function consoleFaults(visit: PageVisit): string[] {
  const { errors, requests } = seen(visit)
  const own = errors.filter((error) => !hydration.test(error) && !mayLackOthers(visit, error))
  return once(own.filter((error) => requests.length === 0 || !consequences.test(error)).map(short))
}

/** Errors that may only mean that the page was kept from what belongs to others. */
export function consoleDoubts(visit: PageVisit): string[] {
  return once(seen(visit).errors.filter((error) => mayLackOthers(visit, error)).map(short))
}

function mayLackOthers({ lacksScripts }: PageVisit, error: string): boolean {
  return lacksScripts && (consequences.test(error) || absences.test(error))
}

export function requestFaults(visit: PageVisit): string[] {
  return once(seen(visit).requests.filter((request) => !isRefusal(request) && !isUnasked(request)).map(requestLine))
}

/** What a visitor who is not signed in may well be refused. */
export function requestDoubts(visit: PageVisit): string[] {
  return once(seen(visit).requests.filter(isRefusal).map(requestLine))
}

function isRefusal({ status, kind }: PageRequest): boolean {
  return status === 429 || ((status === 401 || status === 403) && (kind === 'fetch' || kind === 'xhr'))
}

/** Browsers ask for it although no page names it. */
function isUnasked({ url }: PageRequest): boolean {
  return new URL(url).pathname === '/favicon.ico'
}

function requestLine({ method, url, why }: PageRequest): string {
  return `${method} ${url} ${why}`
}

const defaults = new Set(['Create Next App', 'Next.js App', 'Vite App', 'Vite + React', 'Vite + React + TS', 'React App', 'Document', 'Untitled'])

export function titleFaults(visit: PageVisit): string[] {
  if (renderFaults(visit).length > 0) return []
  const title = visit.title.trim()
  return title === '' ? ['has no title'] : defaults.has(title) ? [`has the title that its framework gave it: “${title}”`] : []
}

export function accessibilityFaults({ barriers }: PageVisit): string[] {
  return [...barriers]
}

/** Of a page that answers with an error nothing else is held against it. */
function seen(visit: PageVisit): Pick<PageVisit, 'errors' | 'requests'> {
  return visit.status === undefined || visit.status >= 400 ? { errors: [], requests: [] } : visit
}

function short(error: string): string {
  const [line = ''] = error.split('\n', 1)
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}

function once(lines: readonly string[]): string[] {
  return [...new Set(lines)]
}
