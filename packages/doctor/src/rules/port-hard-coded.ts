import { keyOf, part, parts, walk } from '@plimsoll/repository/program'
import { fastifyApps } from '../fastify-app.ts'
import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'

export const portHardCoded: Rule = {
  id: 'port-hard-coded',
  severity: 'warning',
  holds: 'A web service reads its port from PORT.',
  why: 'Two releases cannot run beside each other on one fixed port, and traffic goes to the port that PORT names.',
  *find(subject) {
    const told = new Set<string>()
    for (const { own, repository, service } of fastifyApps(subject)) {
      if (service.kind !== 'web') continue
      for (const file of own) {
        const text = repository.text(file) ?? ''
        if (told.has(file) || !text.includes('.listen(')) continue
        told.add(file)
        const ports: { port: string; start: number }[] = []
        walk(repository.module(file), (node) => {
          if (node.type !== 'CallExpression' || keyOf(part(node, 'callee')) !== 'listen') return
          const port = parts(parts(node, 'arguments')[0], 'properties').find((field) => keyOf(field) === 'port')
          const value = part(port, 'value')
          if (value?.type === 'Literal' && typeof value['value'] === 'number' && value['value'] > 0) ports.push({ port: String(value['value']), start: value.start })
        })
        for (const { port, start } of ports) yield { place: placeIn(text, start), file, message: `"${service.name}" listens on ${port}, whatever PORT says`, fix: `take the port from the variable PORT, and ${port} where there is none` }
      }
    }
  },
}
