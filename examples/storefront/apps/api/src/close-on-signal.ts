import type { FastifyInstance } from 'fastify'

export interface CloseOptions {
  readonly app: Pick<FastifyInstance, 'close' | 'server' | 'log'>
  readonly graceMs: number
  readonly afterClose: () => Promise<void>
}

/** On SIGTERM or SIGINT: finish what is being answered, take nothing new, leave within the grace. */
export function closeOnSignal(options: CloseOptions): void {
  let closing = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (closing) return
    closing = true
    void closeWithin(options, signal)
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

async function closeWithin(options: CloseOptions, signal: NodeJS.Signals): Promise<void> {
  const { app, graceMs } = options
  app.log.info({ signal }, 'closing')
  const deadline = setTimeout(() => {
    app.log.error({ graceMs }, 'still busy at the end of the grace period')
    process.exit(1)
  }, graceMs)
  // close() does not end a keep-alive connection that falls idle after closing has begun: it
  // would wait for the client to hang up (https://github.com/fastify/fastify/issues/7044).
  const sweep = setInterval(() => app.server.closeIdleConnections(), 100)
  try {
    await app.close()
    await options.afterClose()
    app.log.info('closed')
  } catch (error) {
    app.log.error({ err: error }, 'closing failed')
    process.exitCode = 1
  } finally {
    clearInterval(sweep)
    clearTimeout(deadline)
  }
}
