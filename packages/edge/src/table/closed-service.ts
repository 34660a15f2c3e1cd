import type { Closed, Maintenance } from '@plimsoll/model'

/** It began with the release; what is said to whoever asks does not name a time. */
const since = new Date(0).toISOString()

/**
 * What is said in place of a closed service. A page of the site's own, somewhere else, is shown inside of one that says 503:
 * the browser fetches it, for the edge asks nobody but instances. Where that one forbids frames, a link leads to it.
 */
export function maintenanceOf({ uri }: Closed): Maintenance {
  return uri === undefined ? { since } : { since, page: framed(uri) }
}

function framed(uri: string): string {
  const where = uri.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>We will be right back</title>
<style>body{margin:0;font:1rem/1.5 system-ui,sans-serif;color-scheme:light dark}iframe{position:fixed;inset:0;width:100%;height:100%;border:0}p{max-width:36rem;margin:20vh auto;padding:0 1rem}</style>
<p>This site is under maintenance. <a href="${where}">Read more</a></p><iframe src="${where}" title="Under maintenance"></iframe></html>
`
}
