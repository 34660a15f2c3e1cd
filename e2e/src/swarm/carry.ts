import { connect, type Socket } from 'node:net'

/** After this long somebody is taken for one who does not answer; in a network of one machine an answer takes less than a millisecond. */
const connectMs = 1_000

/**
 * Carries a connection to the first of these addresses (`host:port`) that takes it: as a browser does where a name has several addresses. What was sent is never
 * sent again, and a break on one side is one on the other.
 */
export function carry(user: Socket, addresses: readonly string[]): void {
  const [address, ...others] = addresses
  if (address === undefined) return void user.resetAndDestroy()
  user.allowHalfOpen = true
  const [host = '', port] = address.split(':')
  const there = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true })
  const giveUp = (): void => {
    clearTimeout(timer)
    there.destroy()
    carry(user, others)
  }
  const timer = setTimeout(giveUp, connectMs)
  there.once('error', giveUp)
  there.once('connect', () => {
    clearTimeout(timer)
    there.off('error', giveUp)
    user.setNoDelay(true)
    for (const [one, other] of [[user, there], [there, user]] as const) {
      one.on('error', () => other.resetAndDestroy())
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
}
