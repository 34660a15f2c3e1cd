/** So long, in milliseconds, an instance that is told to end answers on connections that it has. Programs of Node keep one that they do not use for four seconds unless they are told otherwise. */
export const endingMs = 5_000

/**
 * What a server of Node runs before its own program, in CommonJS: SIGTERM reaches that a moment later. Before that the cluster has taken the instance out of its names, so that
 * nobody connects to it any more; but whoever kept a connection does not know, and a server that ends closes it, perhaps just when the next request is on its way. No one can tell then
 * whether that was served, and `fetch` does not ask again. So every answer says first that it is the last on its connection, until none is
 * open, for `ms` at most. Where none is open, and where SIGTERM comes again, the program is told at once. One that does not listen for SIGTERM ends by it, as ever.
 */
export function endingProgram(ms: number): string {
  return `if (require('node:worker_threads').isMainThread) {
  const { channel, subscribe = (name, hear) => channel(name).subscribe(hear) } = require('node:diagnostics_channel')
  const open = new Map()
  let tell
  const close = (socket) => {
    open.delete(socket)
    if (open.size === 0 && tell) tell()
  }
  subscribe('http.server.request.start', ({ response, socket }) => {
    if (tell) response.shouldKeepAlive = false
    if (!open.has(socket)) socket.once('close', () => close(socket))
    open.set(socket, response)
  })
  subscribe('http.server.response.finish', ({ socket }) => open.has(socket) && open.set(socket, undefined))
  const emit = process.emit
  const stay = () => undefined
  process.emit = function (name, ...rest) {
    if (name !== 'SIGTERM' || !process.listeners(name).includes(stay)) return emit.call(this, name, ...rest)
    const timer = setTimeout(() => tell(), ${ms})
    const isSecond = tell !== undefined
    tell = () => {
      clearTimeout(timer)
      process.off(name, stay)
      if (process.listenerCount(name) > 0) emit.call(process, name, ...rest)
      else process.kill(process.pid, name)
    }
    for (const response of open.values()) if (response) response.shouldKeepAlive = false
    if (isSecond || open.size === 0) tell()
    return true
  }
  process.on('SIGTERM', stay)
}
`
}
