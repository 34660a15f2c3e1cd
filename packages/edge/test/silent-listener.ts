import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface SilentListener {
  readonly port: number
  /** From now on nothing comes back from there, not even from the kernel. */
  fallSilent(): Promise<void>
  /** Returns when a connection is answered at once again. */
  speakAgain(): Promise<void>
  end(): Promise<void>
}

/** A process that takes connections and says nothing; and then not even the kernel answers for it, as behind a cable that was pulled. */
export async function silentListener(): Promise<SilentListener> {
  const program = "require('node:net').createServer((socket) => socket.on('error', () => {})).listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })"
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  const fillers: Socket[] = []
  return {
    port,
    async fallSilent() {
      child.kill('SIGSTOP')
      // The queue takes a few; then no connection is answered any more. One alone may have been slow.
      for (let unanswered = 0; unanswered < 3;) {
        const filler = connect({ port, host: '127.0.0.1' }).on('error', () => undefined)
        fillers.push(filler)
        unanswered = (await once(filler, 'connect', { signal: AbortSignal.timeout(300) }).then(() => true, () => false)) ? 0 : unanswered + 1
      }
    },
    async speakAgain() {
      for (const filler of fillers.splice(0)) filler.destroy()
      child.kill('SIGCONT')
      for (;;) {
        const socket = connect({ port, host: '127.0.0.1' }).on('error', () => undefined)
        const isAnswered = await once(socket, 'connect', { signal: AbortSignal.timeout(300) }).then(() => true, () => false)
        socket.destroy()
        if (isAnswered) return
      }
    },
    async end() {
      for (const filler of fillers) filler.destroy()
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
