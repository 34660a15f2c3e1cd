import { connect } from 'node:net'
import { hasCode } from './durable-file.ts'

export interface RedisServer {
  readonly host: string
  readonly port: number
  readonly password: string
}

/** `refused` when nobody listens, `loading` while the server reads its data back; else the reply to the last command. */
export type RedisAnswer = { readonly is: 'refused' | 'loading' } | { readonly is: 'reply'; readonly text: string } | { readonly is: 'error'; readonly text: string }

const patienceMs = 2_000

/** Signs in, then sends commands whose replies are one line each. The first error ends it. */
export function callRedis({ host, port, password }: RedisServer, commands: readonly (readonly string[])[]): Promise<RedisAnswer> {
  const all = [['AUTH', password], ...commands]
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: patienceMs })
    let text = ''
    const end = (answer: RedisAnswer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => socket.write(all.map(encode).join('')))
    socket.once('timeout', () => end({ is: 'loading' }))
    socket.once('error', (error) => (hasCode(error, 'ECONNREFUSED') || hasCode(error, 'ECONNRESET') ? end({ is: 'refused' }) : reject(error)))
    socket.once('close', () => end({ is: 'refused' }))
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8')
      const lines = text.split('\r\n').slice(0, -1)
      const wrong = lines.find((line) => line.startsWith('-'))
      const last = lines.length >= all.length ? lines.at(-1) : undefined
      if (wrong !== undefined) end(wrong.startsWith('-LOADING') ? { is: 'loading' } : { is: 'error', text: wrong.slice(1) })
      else if (last !== undefined) end({ is: 'reply', text: last.slice(1) })
    })
  })
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}
