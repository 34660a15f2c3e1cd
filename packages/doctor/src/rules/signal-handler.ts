import { fastifyApps } from '../fastify-app.ts'
import type { Rule } from '../rule.ts'
import { commandOf, dependsOn } from '../service.ts'

const handles = /SIGTERM|close-with-grace|fastify-graceful-shutdown|http-terminator|@godaddy\/terminus|stoppable/

export const signalHandler: Rule = {
  id: 'signal-handler',
  severity: 'warning',
  holds: 'A program of Fastify closes when it is told to end.',
  why: 'Fastify handles no signals by itself: SIGTERM ends the program at once, with every request that it is answering.',
  *find(subject) {
    for (const { service, own, mentions } of fastifyApps(subject)) {
      const start = commandOf(service, 'startCommand')
      if (start === undefined || own.length === 0 || dependsOn(service.app, 'fastify-cli') || dependsOn(service.app, '@nestjs/core') || mentions(handles)) continue
      yield { place: start.node, message: `no program of "${service.name}" handles SIGTERM`, fix: "add process.once('SIGTERM', () => void app.close())" }
    }
  },
}
