import { nextApps } from '../next-app.ts'
import type { Rule } from '../rule.ts'
import { commandOf } from '../service.ts'

export const nextStandaloneNested: Rule = {
  id: 'next-standalone-nested',
  severity: 'warning',
  holds: 'In a workspace the standalone server is looked for below the directory of its app.',
  why: 'Next.js repeats the path of the app inside .next/standalone, so there is no server.js at its top.',
  mends: true,
  *find(subject) {
    for (const { service, config } of nextApps(subject)) {
      const start = commandOf(service, 'startCommand')
      const directory = service.app?.directory ?? ''
      const path = /\S*\.next\/standalone\/server\.js\b/.exec(start?.text ?? '')?.[0]
      if (start === undefined || path === undefined || directory === '' || /outputFileTracingRoot/.test(config)) continue
      const nested = path.replace(/server\.js$/, `${directory}/server.js`)
      yield { place: start.node, message: `there will be no ${path}`, fix: `write ${nested}`, remedy: { do: 'replace', from: path, to: nested } }
    }
  },
}
