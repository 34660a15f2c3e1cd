import { enableCompileCache } from 'node:module'
import { toProblem } from '@plimsoll/model'
import { apiVersion } from './api-version.ts'
import { readConfig } from './config.ts'

enableCompileCache()
const { runApi } = await import('./run-api.ts')

try {
  await runApi(readConfig(process.env), apiVersion)
} catch (error) {
  const problem = toProblem(error)
  // Whoever started us waits for this line; everything else goes to the log.
  process.send?.({ problem })
  process.stderr.write(`${JSON.stringify(problem)}\n`)
  process.exitCode = 1
}
