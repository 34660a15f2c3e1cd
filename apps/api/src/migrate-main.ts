import { toProblem } from '@plimsoll/model'
import { openStore } from '@plimsoll/store'
import { readConfig } from './config.ts'
import { keysOf } from './ground-floor.ts'

// `node migrate-main.ts`: what a Blueprint runs before a new release starts. The older one runs on what it leaves; the schema's rule is in docs/adr/0022.
try {
  const config = readConfig(process.env)
  await (await openStore({ connection: { connectionString: config.databaseUrl ?? '' }, keys: keysOf(config) })).close()
} catch (error) {
  process.stderr.write(`${JSON.stringify(toProblem(error))}\n`)
  process.exitCode = 1
}
