import { nextApps } from '../next-app.ts'
import type { Rule } from '../rule.ts'
import { commandOf } from '../service.ts'

export const nextStandaloneOutput: Rule = {
  id: 'next-standalone-output',
  severity: 'warning',
  holds: 'An app of Next.js is started as it is built: its standalone server if it has one.',
  why: 'Without output: "standalone" the server file is never made; with it, next start does not serve what was built.',
  *find(subject) {
    for (const { service, config } of nextApps(subject)) {
      const start = commandOf(service, 'startCommand')
      if (start === undefined || config === '') continue
      const lines = [start.text, ...start.analysis.invocations.map(({ program, args }) => [program, ...args].join(' '))]
      const isStandalone = /\boutput\s*:/.test(config)
      const usesServer = lines.some((line) => line.includes('.next/standalone/'))
      if (usesServer && !isStandalone) yield { place: start.node, message: 'starts a standalone server, which next.config does not ask for', fix: "add output: 'standalone' to next.config" }
      if (!usesServer && /\boutput\s*:\s*['"]standalone['"]/.test(config) && lines.some((line) => /\bnext start\b/.test(line))) {
        yield { place: start.node, message: 'next start does not go with output: "standalone"', fix: 'start node .next/standalone/…/server.js, or remove output from next.config' }
      }
    }
  },
}
