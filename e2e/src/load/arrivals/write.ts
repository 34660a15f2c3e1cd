import { between, patienceMs, type Arrival } from '../arrival.ts'
import { exchange } from '../exchange.ts'

/** One write with a key of its own, sent once. An answer that calls itself a repeat means that somebody on the way sent it again. */
export const write: Arrival = async ({ target, kept, fresh, random, id, run }) => {
  const key = `${run}.${id}`
  const productSlug = target.productSlugs[id % target.productSlugs.length] ?? 'none'
  const { hop, headers, failure } = await exchange({
    what: 'POST /v1/reviews',
    url: new URL('/v1/reviews', target.api),
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ productSlug, author: 'Load', rating: between(random, 1, 5), body: `Written once, as ${key}.` }),
    agent: random() < 0.5 ? kept : fresh,
    timeoutMs: patienceMs,
  })
  if (failure !== undefined) return { hops: [hop], failure, key }
  if (headers['idempotency-replayed'] === undefined) return { hops: [hop], key }
  return { hops: [hop], key, failure: { is: 'duplicated', detail: `the write ${key} was sent once and answered as a repeat` } }
}
