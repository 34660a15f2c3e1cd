/** What a handler of the fake is asked, understood as far as HTTP goes. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
}

export interface Answered {
  readonly status: number
  /** Sent as JSON; nothing is sent where it is undefined. */
  readonly body?: unknown
}

/** One question and its answer, as they went over the wire. */
export interface Exchange {
  /** As in Render's OpenAPI document: `/services/{serviceId}`. */
  readonly template: string
  readonly method: string
  readonly asked: Asked
  readonly answered: Answered
  /** The answer is a fault that was asked for. */
  readonly faulty: boolean
}

/** Thrown by handlers, and answered as Render answers: `{ id, message }`. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Keys of a body, whatever they hold. */
export function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null) throw new Refusal(400, 'body must be an object')
  return { ...body }
}

export function textIn(body: unknown, key: string): string {
  const value = fieldsOf(body)[key]
  if (typeof value !== 'string' || value === '') throw new Refusal(400, `${key} must be a string`)
  return value
}

export function optionalText(body: unknown, key: string): string | undefined {
  return fieldsOf(body)[key] === undefined ? undefined : textIn(body, key)
}

/** Values of a list in the query, in whichever of its two forms. */
export function listIn(query: URLSearchParams, key: string): readonly string[] {
  return query.getAll(key).flatMap((value) => value.split(','))
}

/** True for what a filter of the query lets through; without a filter, for everything. */
export function passes(query: URLSearchParams, key: string, value: string): boolean {
  const wanted = listIn(query, key)
  return wanted.length === 0 || wanted.includes(value)
}

/** A page of things, each with its cursor. */
export function pageOf(all: readonly { readonly id: string }[], query: URLSearchParams): readonly { readonly cursor: string; readonly index: number }[] {
  const limit = Number(query.get('limit') ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refusal(400, 'limit must be from 1 to 100')
  const cursor = query.get('cursor')
  const from = cursor === null ? 0 : all.findIndex(({ id }) => `at-${id}` === cursor) + 1
  if (cursor !== null && from === 0) throw new Refusal(400, 'cursor is not known')
  return all.slice(from, from + limit).map(({ id }, offset) => ({ cursor: `at-${id}`, index: from + offset }))
}

/** A page of `[{ cursor, KEY }]`. */
export function pageAs<Thing extends { readonly id: string }>(things: readonly Thing[], query: URLSearchParams, entry: (thing: Thing) => object): Answered {
  const byIndex = pageOf(things, query)
  return { status: 200, body: byIndex.map(({ cursor, index }) => ({ cursor, ...entry(at(things, index)) })) }
}

function at<Thing>(things: readonly Thing[], index: number): Thing {
  const thing = things[index]
  if (thing === undefined) throw new RangeError(`There is no entry ${index}`)
  return thing
}
