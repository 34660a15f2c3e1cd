import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { yamlText } from './yaml-line.ts'

test.each(['node dist/main.js', 'a: b', 'a #b', "it's", '@scope/name', '0.0.0.0', '24', 'off', '', ' ', '/healthz', 'pnpm --filter @a/b... run build && cp -r a b', '${KEY:?set it in .env}', '- a', '*', '[a]', 'a:', '"quoted"'])('YAML gives %j back as it was', (text) => {
  expect(parse(`key: ${yamlText(text)}\n`)).toEqual({ key: text })
})
