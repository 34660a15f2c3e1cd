import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { toProblem } from '@plimsoll/model'
import { readConfig } from './config.ts'

enableCompileCache()
const { runApi } = await import('./run-api.ts')

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

try {
  await runApi(readConfig(process.env), version)
} catch (error) {
  const problem = toProblem(error)
  // Whoever started us waits for this line; everything else goes to the log.
  process.send?.({ problem })
  process.stderr.write(`${JSON.stringify(problem)}\n`)
  process.exitCode = 1
}
