import { edit, newFile, type Fault } from './fault.ts'

const about = 'apps/web/src/app/about/page.tsx'
const config = 'apps/web/next.config.ts'
const intoAbout = (line: string) => edit(about, '      <dl className="mt-20', `      ${line}\n      <dl className="mt-20`)

/** Turborepo shows a build only the variables that are named to it. */
const tokenAtBuild = edit('apps/web/turbo.json', '"NEXT_DEPLOYMENT_ID"', '"NEXT_DEPLOYMENT_ID", "INTERNAL_TOKEN"')

/** A component of the browser that the about page shows. */
function inBrowser(name: string, body: string): readonly [ReturnType<typeof newFile>, ReturnType<typeof edit>, ReturnType<typeof edit>] {
  return [newFile(`apps/web/src/components/${name}.tsx`, body), edit(about, "import Link from 'next/link'\n", `import Link from 'next/link'\nimport { Extra } from '@/components/${name}'\n`), intoAbout('<Extra />')]
}

/** What a visitor would see, or not see. */
export const webFaults: readonly Fault[] = [
  { id: 'chunks-missing', what: 'a step after the build removes the scripts of the pages', caughtBy: ['web.pages', 'web.requests', 'web.links'], edits: [edit('apps/web/complete-standalone.mjs', 'import { cp }', 'import { cp, rm }'), edit('apps/web/complete-standalone.mjs', "await cp(new URL('.next/static/', app)", "await rm(new URL('.next/static/chunks/', app), { recursive: true })\nawait cp(new URL('.next/static/', app)")] },
  { id: 'pictures-missing', what: 'pages ask for pictures by another name than they have', caughtBy: ['web.requests', 'web.links'], edits: [edit('apps/web/src/components/product-card.tsx', '.webp`', '.jpg`')] },
  { id: 'page-fails', what: 'a page throws when it is rendered', caughtBy: ['web.pages', 'web.browser'], edits: [edit(about, "export const dynamic = 'force-static'", "export const dynamic = 'force-dynamic'"), edit(about, 'export default function AboutPage() {\n', "export default function AboutPage() {\n  if (process.env['NODE_ENV'] === 'production') throw new Error('no promises')\n")] },
  { id: 'page-is-empty', what: 'a page renders nothing', caughtBy: ['web.browser'], edits: [edit(about, 'export default function AboutPage() {\n', 'export default function AboutPage() {\n  if (PROMISES.length > 0) return null\n')] },
  { id: 'hydration-differs', what: 'what the server rendered is not what the browser renders', caughtBy: ['web.hydration'], edits: inBrowser('extra-clock', "'use client'\n\nexport function Extra() {\n  return <time>{String(Math.random())}</time>\n}\n") },
  { id: 'console-error', what: 'a page complains in the console', caughtBy: ['web.console'], edits: inBrowser('extra-complaint', "'use client'\n\nimport { useEffect } from 'react'\n\nexport function Extra() {\n  useEffect(() => console.error('The analytics key is missing'), [])\n  return <span>More about us</span>\n}\n") },
  { id: 'script-throws', what: 'a script throws after the page was loaded', caughtBy: ['web.console', 'web.browser'], edits: inBrowser('extra-throw', "'use client'\n\nimport { useEffect } from 'react'\n\nexport function Extra() {\n  useEffect(() => void setTimeout(() => {\n    throw new Error('undefined is not a map')\n  }, 50), [])\n  return <span>Find us</span>\n}\n") },
  { id: 'fetch-fails', what: 'a page asks for something of its own that is not there', caughtBy: ['web.requests'], edits: inBrowser('extra-fetch', "'use client'\n\nimport { useEffect } from 'react'\n\nexport function Extra() {\n  useEffect(() => void fetch('/opening-hours.json'), [])\n  return <span>Open daily</span>\n}\n") },
  { id: 'default-title', what: 'every page is called as the framework calls it', caughtBy: ['web.titles'], edits: [edit('apps/web/src/app/layout.tsx', "title: { default: 'Halyard — honest goods for weather', template: '%s — Halyard' }", "title: { absolute: 'Create Next App' }")] },
  { id: 'broken-link', what: 'the footer links to a page that is not there', caughtBy: ['web.links'], edits: [edit('apps/web/src/components/site-footer.tsx', '<Link href="/about"', '<Link href="/abuot"')] },
  { id: 'redirects-in-a-circle', what: 'a page redirects to itself', caughtBy: ['web.pages', 'web.browser', 'web.links'], edits: [edit(about, "export const dynamic = 'force-static'", "export const dynamic = 'force-dynamic'"), edit(about, "import Link from 'next/link'\n", "import Link from 'next/link'\nimport { redirect } from 'next/navigation'\n"), edit(about, 'export default function AboutPage() {\n', 'export default function AboutPage() {\n  if (PROMISES.length > 0) redirect(\'/about\')\n')] },
  { id: 'localhost-in-the-bundle', what: 'the browser is to call localhost:4000', caughtBy: ['artifact.client-bundle'], edits: [edit('apps/web/src/components/older-reviews.tsx', 'const apiUrl = process.env.NEXT_PUBLIC_API_URL', "const apiUrl = 'http://localhost:4000'")] },
  { id: 'private-address-in-the-bundle', what: 'the browser is to call an address of the private network', caughtBy: ['artifact.client-bundle'], edits: [edit('apps/web/src/components/older-reviews.tsx', 'const apiUrl = process.env.NEXT_PUBLIC_API_URL', "const apiUrl = 'http://10.0.12.7:4000'")] },
  { id: 'secret-in-the-bundle', what: 'the internal token is in a script that every browser gets', caughtBy: ['artifact.client-bundle'], edits: [tokenAtBuild, edit(config, '  poweredByHeader: false,', "  poweredByHeader: false,\n  env: { SHOP_TOKEN: process.env['INTERNAL_TOKEN'] ?? '' },"), ...inBrowser('extra-token', "'use client'\n\nexport function Extra() {\n  return <span data-shop={process.env.SHOP_TOKEN}>Ahoy</span>\n}\n")] },
  { id: 'secret-in-a-page', what: 'the internal token is in a prerendered page', caughtBy: ['artifact.client-bundle'], edits: [tokenAtBuild, intoAbout("<span hidden>{process.env['INTERNAL_TOKEN']}</span>")] },
  { id: 'source-maps-served', what: 'everybody can read the sources of the pages', caughtBy: ['artifact.files'], edits: [edit(config, '  poweredByHeader: false,', '  poweredByHeader: false,\n  productionBrowserSourceMaps: true,')] },
  { id: 'powered-by', what: 'every answer says what it was made with', caughtBy: ['web.links', 'errors.unknown-paths'], edits: [edit(config, '  poweredByHeader: false,\n', '')] },
  { id: 'publish-path-wrong', what: 'the static site is published from a directory that is not there', caughtBy: ['web.static-sites', 'boot.start', 'problem:ARTIFACT_BROKEN', 'problem:BUILD_FAILED'], edits: [edit('render.yaml', 'staticPublishPath: apps/help/dist', 'staticPublishPath: apps/help/build')] },
  { id: 'redirect-to-nothing', what: 'a rule of the static site leads to a page that is not there', caughtBy: ['web.static-sites', 'web.links'], edits: [edit('render.yaml', 'destination: /returns\n', 'destination: /return-policy\n')] },
  { id: 'origin-refused', what: 'the API lets another origin than that of the pages call it', caughtBy: ['services.cors'], edits: [edit('render.yaml', '      - key: WEB_ORIGIN\n        fromService:\n          type: web\n          name: web', '      - key: WEB_ORIGIN\n        fromService:\n          type: web\n          name: help')] },
  { id: 'no-origin-at-all', what: 'the API lets no page call it', caughtBy: ['services.cors'], edits: [edit('apps/api/src/build-api.ts', 'origin: config.webOrigin ?? false,', 'origin: false,')] },
]
