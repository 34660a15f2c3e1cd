import type { Rule } from '../rule.ts'
import { valueIn, type Service, type ServiceCommand } from '../service.ts'

/** `-p` means a port to these only. */
const flag = /(?<![\w-])(?:(?:next(?: start)?|vite preview|serve|http-server|fastify start)\b[^&;|]*?\s-p[ =]|--port[ =]|PORT=)(\d{2,5})\b/

export const portFixed: Rule = {
  id: 'port-fixed',
  severity: 'warning',
  holds: 'A web service listens where PORT says.',
  why: 'Traffic goes to the port that PORT names: with another number in the command the deploy waits for a port that never opens.',
  mends: true,
  *find({ services }) {
    for (const service of services) {
      if (service.kind !== 'web') continue
      for (const command of service.commands) {
        const port = portIn(command)
        if (port === undefined || port === expected(service)) continue
        yield {
          place: command.node,
          message: `${command.key} listens on ${port}, and PORT is ${expected(service)}`,
          fix: 'write $PORT in place of the number',
          remedy: new RegExp(`PORT=${port}`).test(command.text) ? undefined : { do: 'replace', from: port, to: '$PORT' },
        }
      }
    }
  },
}

function portIn({ key, text }: ServiceCommand): string | undefined {
  return key === 'startCommand' || key === 'dockerCommand' ? flag.exec(text)?.[1] : undefined
}

/** What Render says unless the Blueprint does. */
function expected(service: Service): string {
  return valueIn(service, 'PORT') ?? '10000'
}
