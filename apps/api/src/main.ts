import { enableCompileCache } from 'node:module'
import { toProblem } from '@plimsoll/model'
import { apiVersion } from './api-version.ts'
import { readConfig } from './config.ts'
import { knownCluster } from './places/known-cluster.ts'

enableCompileCache()
const { runApi } = await import('./run-api.ts')

try {
  const read = readConfig(process.env)
  // What it was started with counts more than what its home knows.
  const config = { ...read, swarm: read.swarm ?? knownCluster(read.home) }
  // What is started from here inherits it no more.
  delete process.env['PLIMSOLL_SECRET_KEY']
  await runApi(config, apiVersion)
} catch (error) {
  const problem = toProblem(error)
  process.stderr.write(`${JSON.stringify(problem)}\n`)
  // Whoever started us waits for this message. A Plimsoll that could not start and listens already would be taken for one that works.
  const end = (): never => process.exit(1)
  if (process.send === undefined) end()
  else process.send({ problem }, undefined, undefined, end)
}
