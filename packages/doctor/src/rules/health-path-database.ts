import { textOf } from '@plimsoll/blueprint/inspect'
import { keyOf, part, parts, textOf as literalOf, walk } from '@plimsoll/repository/program'
import { fastifyApps } from '../fastify-app.ts'
import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'

const asks = /\.\$queryRaw\b|\bprisma\.|\b(?:pool|db|pg|client|database|knex|sequelize|redis)\.(?:query|raw|execute|selectFrom|select|authenticate|ping|connect)\b|\bsql`/

export const healthPathDatabase: Rule = {
  id: 'health-path-database',
  severity: 'warning',
  holds: 'The health path tells of the program alone, and asks no database.',
  why: 'When the database hesitates for a minute, every instance counts as dead at once and is restarted, or the release is taken back for nothing.',
  *find(subject) {
    for (const { service, own, repository } of fastifyApps(subject)) {
      const path = textOf(service.node, 'healthCheckPath')
      if (path === undefined) continue
      for (const file of own) {
        const text = repository.text(file) ?? ''
        if (!text.includes(path)) continue
        const places: number[] = []
        walk(repository.module(file), (node) => {
          const [first, ...rest] = parts(node, 'arguments')
          if (node.type !== 'CallExpression' || keyOf(part(node, 'callee')) !== 'get' || literalOf(first) !== path) return
          const asking = rest.map((each) => ({ at: each.start, hit: asks.exec(text.slice(each.start, each.end)) })).find(({ hit }) => hit !== null)
          if (asking?.hit) places.push(asking.at + asking.hit.index)
        })
        for (const at of places) yield { place: placeIn(text, at), file, message: `${path} asks the database`, fix: 'answer 200 without asking anything; what depends on the database goes on a path of its own' }
      }
    }
  },
}
