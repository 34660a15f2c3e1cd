import { keyOf, part, parts, textOf, walk, type Syntax } from '@plimsoll/repository/program'
import { fastifyApps } from '../fastify-app.ts'
import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'

export const bindHost: Rule = {
  id: 'bind-host',
  severity: 'warning',
  holds: 'Fastify listens on all addresses.',
  why: 'By itself it listens on localhost, where no traffic from outside arrives: "No open ports detected", and the deploy fails.',
  *find(subject) {
    const told = new Set<string>()
    for (const { own, repository, service } of fastifyApps(subject)) {
      for (const file of own) {
        const text = repository.text(file) ?? ''
        if (told.has(file) || !text.includes('.listen(')) continue
        told.add(file)
        const faults = listensIn(repository.module(file), /\bfastify\b/i.test(text)).map((call) => ({ call, fault: faultOf(call) })).filter(({ fault }) => fault !== undefined)
        for (const { call, fault } of faults) {
          yield { place: placeIn(text, call.start), file, message: `${fault}, where nobody reaches "${service.name}"`, fix: "write listen({ host: '0.0.0.0', port })" }
        }
      }
    }
  },
}

const loopback = new Set(['localhost', '127.0.0.1', '::1'])

/** Calls of `listen` on something that is called like an app of Fastify, or like a server where Fastify is spoken of. */
function listensIn(module: Syntax | undefined, speaksOfIt: boolean): Syntax[] {
  const found: Syntax[] = []
  walk(module, (node) => {
    const callee = part(node, 'callee')
    if (node.type !== 'CallExpression' || keyOf(callee) !== 'listen') return
    const object = part(callee, 'object')
    const name = object?.type === 'Identifier' ? object['name'] : undefined
    if (typeof name === 'string' && (/^(?:app|fastify|api)$/i.test(name) || (speaksOfIt && /^(?:server|instance|f)$/i.test(name)))) found.push(node)
  })
  return found
}

/** Undefined also for what cannot be told from the call itself. */
function faultOf(call: Syntax): string | undefined {
  const [first, second] = parts(call, 'arguments')
  if (first?.type !== 'ObjectExpression') return undefined
  if (second !== undefined && second.type === 'Literal') return undefined
  const fields = parts(first, 'properties')
  // Sockets and spread objects bring what is not seen here.
  if (fields.some((field) => field.type !== 'Property' || keyOf(field) === 'path')) return undefined
  const host = fields.find((field) => keyOf(field) === 'host')
  if (host === undefined) return 'listens on localhost'
  const value = part(host, 'value')
  const last = value?.type === 'LogicalExpression' ? part(value, 'right') : value
  const name = textOf(last)
  return name !== undefined && loopback.has(name) ? `listens on ${name}` : undefined
}
