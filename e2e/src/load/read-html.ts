/** What a browser would fetch right after a page, and the form that a tab can send later. */
export interface ReadPage {
  /** As written, entities decoded: scripts and stylesheets of the page's own host. */
  readonly assets: readonly string[]
  /** Next.js deployment id that the page carries. */
  readonly deploymentId: string | undefined
  /** `x-served-by` of whoever gave the page its data, if the page says it. */
  readonly dataServedBy: string | undefined
  /** Fields of the first form that posts a Server Action without JavaScript. */
  readonly actionFields: readonly (readonly [string, string])[] | undefined
}

/** Reads the few things that the load needs. Not an HTML parser: it sees the markup that React writes, and nothing else. */
export function readPage(html: string): ReadPage {
  return {
    assets: assetsOf(html),
    deploymentId: decode(/<html[^>]*\sdata-dpl-id="([^"]*)"/i.exec(html)?.[1]),
    dataServedBy: decode(/\sdata-api-served-by="([^"]*)"/i.exec(html)?.[1]),
    actionFields: actionFieldsOf(html),
  }
}

function assetsOf(html: string): string[] {
  const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"/gi)].map((match) => match[1])
  const links = [...html.matchAll(/<link[^>]*>/gi)]
    .map(([tag]) => tag)
    .filter((tag) => /rel="(?:stylesheet|preload|modulepreload)"/i.test(tag))
    .map((tag) => /\shref="([^"]+)"/i.exec(tag)?.[1])
  const own = [...scripts, ...links].map(decode).filter((url) => url?.startsWith('/') === true && !url.startsWith('//'))
  return [...new Set(own as string[])]
}

function actionFieldsOf(html: string): (readonly [string, string])[] | undefined {
  for (const [form] of html.matchAll(/<form[^>]*>[^]*?<\/form>/gi)) {
    const fields = [...form.matchAll(/<(?:input|textarea|select|button)[^>]*>/gi)].map(([tag]) => fieldOf(tag)).filter((field) => field !== undefined)
    if (fields.some(([name]) => name.startsWith('$ACTION_'))) return fields
  }
  return undefined
}

function fieldOf(tag: string): readonly [string, string] | undefined {
  const name = decode(/\sname="([^"]*)"/i.exec(tag)?.[1])
  if (name === undefined) return undefined
  const given = decode(/\svalue="([^"]*)"/i.exec(tag)?.[1])
  const isHidden = /type="(?:hidden|submit)"/i.test(tag) || tag.startsWith('<button')
  return [name, given ?? (isHidden ? '' : '1')]
}

function decode(text: string | undefined): string | undefined {
  return text
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
