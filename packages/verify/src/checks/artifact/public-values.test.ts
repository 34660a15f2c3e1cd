import { expect, test } from 'vitest'
import { artifactOf, ask, liveOf, sayings, sourceReader, specOf, treeOf, type Tree } from '../../../test/fake-rehearsal.ts'
import { publicValues } from './public-values.ts'

const check = publicValues({ readSource: sourceReader({ web: ['web/.next/standalone/web/server.js'] }) })

async function look(code: string, values: Record<string, string> = {}, live?: Record<string, string>) {
  const tree: Tree = { 'web/package.json': '{"name":"web"}', 'web/next.config.mjs': 'export default {}', 'web/app/page.tsx': "import './widget'", 'web/app/widget.tsx': `'use client'\n${code}` }
  return ask(check, {
    source: { root: await treeOf(tree), blueprint: 'render.yaml', dirty: true }, specs: [specOf('web')], artifacts: { web: await artifactOf('web', {}, { publicValues: values }) },
    live: live === undefined ? undefined : liveOf(await artifactOf('web', {}, { publicValues: live })),
  })
}

test.each([
  ['it is used as it is', 'fetch(`${process.env.NEXT_PUBLIC_API_URL}/x`)', 'uses it without looking whether it is there'],
  ['its fallback is the visitor\'s own machine', "const a = process.env.NEXT_PUBLIC_API_URL ?? 'http://localhost:4000'", "takes localhost:4000 in its place, which is the visitor's own machine"],
  ['an address is what the page does without', 'const a = process.env.NEXT_PUBLIC_API_URL\nexport const b = a ? a : null', 'browsers do without what it leads to'],
])('blocks on a public value that was not set when %s', async (_why, code, said) => {
  const [finding] = await look(code)
  expect(finding).toMatchObject({ is: 'fail', service: 'web', finding: `web is built without NEXT_PUBLIC_API_URL: web/app/widget.tsx:2 reads it, and ${said}`, reproduce: 'grep -n NEXT_PUBLIC_API_URL web/app/widget.tsx' })
})

test('passes what was set, also to nothing, and what can be done without', async () => {
  expect(sayings(await look('fetch(`${process.env.NEXT_PUBLIC_API_URL}/x`)', { NEXT_PUBLIC_API_URL: '' })).passes).toEqual(['web was built with every public value that it needs (1 of 1 are set)'])
  expect(sayings(await look("const a = process.env.NEXT_PUBLIC_CURRENCY ?? 'EUR'\nif (process.env.NEXT_PUBLIC_GA_ID) track()")).passes).toEqual(['web was built with every public value that it needs (0 of 2 are set)'])
})

test('blocks when the live release was built with it, whatever the code does without', async () => {
  expect(sayings(await look('if (process.env.NEXT_PUBLIC_GA_ID) track()', {}, { NEXT_PUBLIC_GA_ID: 'G-1' })).blocks).toEqual([expect.stringContaining('; release 7 was built with it') as string])
})

test('advises where it was not found out what the code does without', async () => {
  expect(sayings(await look('track(process.env.NEXT_PUBLIC_GA_ID)')).advises).toHaveLength(1)
})
