import { edit, type Fault } from './fault.ts'

const apiMain = 'apps/api/src/main.ts'
const apiConfig = 'apps/api/src/config.ts'
const startOfApi = 'startCommand: node apps/api/dist/main.js\n    healthCheckPath: /healthz'

/** What never gets up, or only seems to. */
export const bootFaults: readonly Fault[] = [
  { id: 'health-path-wrong', what: 'the health path does not exist', caughtBy: ['boot.start'], edits: [edit('render.yaml', startOfApi, startOfApi.replace('/healthz', '/status'))] },
  { id: 'start-command-wrong', what: 'the start command names a file that is not there', caughtBy: ['problem:ARTIFACT_BROKEN'], edits: [edit('render.yaml', startOfApi, startOfApi.replace('main.js', 'index.js'))] },
  { id: 'dist-not-built', what: 'the build makes another package, and not the one that is started', caughtBy: ['boot.start', 'problem:ARTIFACT_BROKEN', 'problem:BUILD_FAILED'], edits: [edit('render.yaml', '--filter=@storefront/api...', '--filter=@storefront/contract')] },
  { id: 'listens-on-localhost', what: 'the API listens on the loopback only', caughtBy: ['boot.bind-address'], edits: [edit(apiConfig, "HOST: z.string().default('0.0.0.0')", "HOST: z.string().default('127.0.0.1')")] },
  { id: 'web-listens-on-localhost', what: 'the web app listens on the loopback only', caughtBy: ['boot.bind-address'], edits: [edit('render.yaml', '- key: HOSTNAME\n        value: 0.0.0.0', '- key: HOSTNAME\n        value: 127.0.0.1')] },
  { id: 'port-ignored', what: 'the API listens on a port of its own choice', caughtBy: ['boot.port', 'boot.start'], edits: [edit(apiMain, 'port: config.port', 'port: 4000')] },
  { id: 'boots-too-slowly', what: 'the API needs a minute and a half to listen', caughtBy: ['boot.start', 'boot.time'], edits: [edit(apiMain, 'await app.listen(', 'await new Promise((resolve) => setTimeout(resolve, 90_000))\nawait app.listen(')] },
  { id: 'ends-after-a-while', what: 'the API ends some seconds after it was healthy', caughtBy: ['boot.stays-up'], edits: [edit(apiMain, 'await app.listen(', 'setTimeout(() => process.exit(1), 9_000)\nawait app.listen(')] },
  { id: 'worker-does-not-start', what: 'the worker throws at its start, again and again', caughtBy: ['boot.stays-up'], edits: [edit('apps/worker/src/main.ts', "log.info('waiting for orders')", "log.info('waiting for orders')\nif (config.databaseUrl.length > 0) throw new Error('no queue')")] },
  { id: 'cron-fails', what: 'the cron job asks for a table that is not there', caughtBy: ['boot.cron-runs'], edits: [edit('apps/worker/src/expire-carts.ts', 'DELETE FROM carts WHERE', 'DELETE FROM baskets WHERE')] },
  { id: 'cron-overlaps', what: 'the cron job takes longer than until its next run', caughtBy: ['boot.cron-runs'], edits: [edit('render.yaml', "schedule: '17 * * * *'", "schedule: '* * * * *'"), edit('apps/worker/src/expire-carts.ts', '} finally {', '  await new Promise((resolve) => setTimeout(resolve, 70_000))\n} finally {')] },
  { id: 'dies-with-an-idle-connection', what: 'nobody listens for a database connection that breaks while idle', caughtBy: ['health.honest'], edits: [edit('packages/db/src/pool.ts', "  pool.on('error', options.onIdleError)\n", '')] },
  { id: 'ready-without-database', what: 'readiness says yes while the database is away', caughtBy: ['health.honest'], edits: [edit('apps/api/src/resources/health.ts', "      await deps.pool.query('SELECT 1')\n", "      await Promise.resolve(deps.pool)\n")] },
  { id: 'never-reconnects', what: 'once the database was away, the API never asks it again', caughtBy: ['health.honest'], edits: [edit('apps/api/src/resources/health.ts', 'export const health', 'let broken = false\n\nexport const health'), edit('apps/api/src/resources/health.ts', '    } catch (error) {\n', '      if (broken) throw new Error(\'gone\')\n    } catch (error) {\n      broken = true\n')] },
]
