/** Everything that `work` says while it goes on, and then what it throws: what was said before a failure is told before it. */
export async function* readToTheEnd<Event>(events: AsyncIterable<Event>, work: Promise<unknown>): AsyncGenerator<Event> {
  // Thrown below, once everything was read.
  work.catch(() => undefined)
  yield* events
  await work
}
