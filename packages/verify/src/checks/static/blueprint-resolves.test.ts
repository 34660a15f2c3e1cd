import { expect, test } from 'vitest'
import type { Diagnostic } from '@plimsoll/model'
import { ask, sayings } from '../../../test/fake-rehearsal.ts'
import { blueprintResolves } from './blueprint-resolves.ts'

const diagnostic = (rule: string, severity: Diagnostic['severity']): Diagnostic => ({ rule, severity, file: 'render.yaml', line: 4, column: 9, path: 'services[0]', message: `${rule} here`, hint: 'mend it' })
const check = (...diagnostics: Diagnostic[]) => ask(blueprintResolves({ readBlueprint: () => ({ diagnostics }) }), {})

test('blocks on a mistake in the Blueprint with its place, and advises on what is legal and goes wrong', async () => {
  const findings = await check(diagnostic('unknown-service', 'error'), diagnostic('corepack-enable', 'warning'), diagnostic('plan', 'info'))
  expect(sayings(findings)).toEqual({ blocks: ['render.yaml:4:9 services[0]: unknown-service here'], advises: ['render.yaml:4:9 services[0]: corepack-enable here'], passes: [] })
  expect(findings[0]).toMatchObject({ hint: 'Mend it.', reproduce: 'plimsoll check' })
})

test('leaves secrets to the check that looks at their values', async () => {
  expect(sayings(await check(diagnostic('literal-secret', 'warning'))).passes).toEqual(['All references of render.yaml lead somewhere'])
})
