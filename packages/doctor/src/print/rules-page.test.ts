import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rules } from '../rules.ts'
import { rulesPage } from './rules-page.ts'

test('docs/rules.md is what the rules say of themselves (vitest -u writes it anew)', async () => {
  await expect(rulesPage(rules)).toMatchFileSnapshot(join(import.meta.dirname, '../../../../docs/rules.md'))
})
