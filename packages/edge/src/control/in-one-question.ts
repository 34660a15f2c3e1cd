import { setImmediate } from 'node:timers/promises'

/**
 * `ask`, put once for all keys that are asked for in the same turn: whoever shows every app asks for each of them, and a connection for each costs more than all of
 * their answers. A failure is that of all who asked, and the signal of one lets nobody else go. Undefined for a key that the answer does not have.
 */
export function inOneQuestion<Key, Answer>(ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>): (key: Key, signal: AbortSignal) => Promise<Answer | undefined> {
  let next: { readonly keys: Set<Key>; readonly answers: Promise<ReadonlyMap<Key, Answer>> } | undefined
  const open = (): NonNullable<typeof next> => {
    const keys = new Set<Key>()
    const answers = setImmediate().then(async () => {
      next = undefined
      return ask([...keys])
    })
    return { keys, answers }
  }
  return async (key, signal) => {
    signal.throwIfAborted()
    next ??= open()
    next.keys.add(key)
    return (await unlessAborted(next.answers, signal)).get(key)
  }
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: given, resolve, reject } = Promise.withResolvers<Value>()
  const giveUp = (): void => reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  promise.then(resolve, reject)
  return given.finally(() => signal.removeEventListener('abort', giveUp))
}
