import { cp } from 'node:fs/promises'

// Next leaves these out of the standalone folder, in the belief that a CDN serves them.
const app = new URL('./', import.meta.url)
const standalone = new URL('./.next/standalone/apps/web/', app)

await cp(new URL('.next/static/', app), new URL('.next/static/', standalone), { recursive: true })
await cp(new URL('public/', app), new URL('public/', standalone), { recursive: true })
