import { request as httpRequest, type IncomingMessage } from 'node:http'
import { fromProblem, PlimsollError, problemSchema } from '@plimsoll/model'

export interface Question {
  readonly controlSocket: string
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

/**
 * Asks the edge one thing and returns the answer's JSON. Throws what the edge threw, and `EDGE_DOWN`
 * when nobody answers or the answer breaks off: then it is not known whether it was done, and asking again is safe.
 */
export async function askEdge(question: Question, signal: AbortSignal): Promise<unknown> {
  return JSON.parse(await askEdgeForText(question, signal))
}

/** As {@link askEdge}, before the answer is taken apart. */
export async function askEdgeForText(question: Question, signal: AbortSignal): Promise<string> {
  const answer = await openAnswer(question, signal)
  const text = await textOf(answer, question)
  if ((answer.statusCode ?? 500) < 300) return text
  throw fromProblem(problemSchema.parse(JSON.parse(text)))
}

/** As {@link askEdge}, up to the answer's head. */
export async function openAnswer(question: Question, signal: AbortSignal): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const { controlSocket, method, path, body } = question
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = httpRequest({ socketPath: controlSocket, method, path, signal, agent: false, headers: { 'content-type': 'application/json' } })
  request.once('response', resolve)
  request.once('error', (error) => reject(signal.aborted ? signal.reason : edgeDown(question, error)))
  request.end(payload)
  return await promise
}

async function textOf(answer: IncomingMessage, question: Question): Promise<string> {
  try {
    let text = ''
    for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
    return text
  } catch (error) {
    throw edgeDown(question, error)
  }
}

function edgeDown({ controlSocket, method, path }: Question, cause: unknown): PlimsollError {
  return new PlimsollError('EDGE_DOWN', `The edge did not answer ${method} ${path} on ${controlSocket}.`, {
    hint: 'Start it again; it takes up what it served: plimsoll up',
    details: { controlSocket },
    cause,
  })
}
