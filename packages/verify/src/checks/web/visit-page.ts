import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Evidence, ServiceName } from '@plimsoll/model'
import type { BrowserContext, Page } from 'playwright-core'
import { z } from 'zod'
import type { OwnAddresses } from './own-addresses.ts'
import type { PageVisit } from './page-visit.ts'
import { quietPage } from './quiet-page.ts'
import { recordPage } from './record-page.ts'

export interface Visiting {
  readonly context: BrowserContext
  readonly own: OwnAddresses
  /** Where pictures are kept; absolute. */
  readonly evidence: string
  /** The text of axe. */
  readonly axe: string
}

export interface WantedPage {
  readonly service: ServiceName
  readonly origin: string
  readonly path: string
}

const wide = { width: 1280, height: 800 }
const narrow = { width: 390, height: 844 }
const openMs = 20_000

/** Opens one page in a tab of its own, waits until it has settled, and looks at it. Submits nothing. Throws when the browser is gone. */
export async function visitPage({ context, own, evidence, axe }: Visiting, { service, origin, path }: WantedPage): Promise<PageVisit> {
  const page = await context.newPage()
  const recorded = recordPage(page, own)
  const quiet = quietPage(page)
  const about = { service, path }
  try {
    await page.setViewportSize(wide)
    const opened = await open(page, `${origin}${path}`)
    if (typeof opened === 'string') return { ...about, ...nothing, ...recorded(), problem: opened }
    await quiet()
    await page.evaluate(idle)
    const { title, text, emptiness, links } = lookSchema.parse(await page.evaluate(look))
    const barriers = opened < 400 ? z.array(z.string()).parse(await page.evaluate(`${axe};${barriersByAxe}`)) : []
    const pictures = await picturesOf(page, { ...about, evidence })
    return { ...about, status: opened, title, text, emptiness, links: links.filter((url) => own.serviceAt(url) !== undefined), barriers, pictures, ...recorded() }
  } finally {
    await page.close()
  }
}

const nothing = { status: undefined, title: '', text: '', emptiness: undefined, links: [], barriers: [], pictures: [] }

/** The status, or why there is none. */
async function open(page: Page, url: string): Promise<number | string> {
  try {
    const response = await page.goto(url, { waitUntil: 'load', timeout: openMs })
    return response?.status() ?? 200
  } catch (error) {
    if (page.context().browser()?.isConnected() === false) throw error
    const said = error instanceof Error ? error.message : String(error)
    return said.split('\n', 1)[0] ?? said
  }
}

/** Until the scripts of the page have nothing to do: on a busy machine that is later than any fixed time. */
const idle = 'new Promise((resolve) => requestIdleCallback(() => requestIdleCallback(() => resolve(), { timeout: 2000 }), { timeout: 2000 }))'

const lookSchema = z.object({ title: z.string(), text: z.string(), emptiness: z.enum(['page', 'main part']).optional(), links: z.array(z.string()) })
const look = `(() => {
  const isPicture = (each) => {
    const { width, height } = each.getBoundingClientRect()
    return width >= 40 && height >= 20
  }
  const isEmpty = (part) => (part?.innerText ?? '').trim().length < 3 && ![...(part?.querySelectorAll('img, svg, canvas, video, iframe, input, button') ?? [])].some(isPicture)
  const mains = document.querySelectorAll('main, [role="main"]')
  return {
    title: document.title,
    text: (document.body?.innerText ?? '').trim().slice(0, 5000),
    emptiness: isEmpty(document.body) ? 'page' : mains.length === 1 && isEmpty(mains[0]) ? 'main part' : undefined,
    links: [...document.querySelectorAll('a[href]')].map((each) => each.href.split('#')[0]),
  }
})()`

const barriersByAxe = `axe.run(document, { resultTypes: ['violations'], elementRef: false })
  .then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ help, nodes }) => help + ': ' + nodes[0].target.join(' ')))`

async function picturesOf(page: Page, { service, path, evidence }: { readonly service: string; readonly path: string; readonly evidence: string }): Promise<Evidence[]> {
  const pictures: Evidence[] = []
  for (const [width, viewport] of [['wide', wide], ['narrow', narrow]] as const) {
    const file = `web/${service}/${nameOf(path)}.${width}.png`
    await mkdir(dirname(join(evidence, file)), { recursive: true })
    await page.setViewportSize(viewport)
    await page.screenshot({ path: join(evidence, file), scale: 'css', animations: 'disabled', caret: 'hide' })
    pictures.push({ title: `${path} of ${service}, ${width}`, file })
  }
  return pictures
}

function nameOf(path: string): string {
  return path.replace(/^\//, '').replace(/[^\w.-]+/g, '-').slice(0, 80) || 'home'
}
