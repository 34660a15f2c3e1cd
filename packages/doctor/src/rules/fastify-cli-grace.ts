import { numberOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'
import { commandOf, type Service } from '../service.ts'
import { settingOf } from '../setting.ts'

export const fastifyCliGrace: Rule = {
  id: 'fastify-cli-grace',
  severity: 'warning',
  holds: 'fastify-cli gives requests the time that the platform gives the program.',
  why: 'Unless it is told otherwise it ends 500 ms after SIGTERM, whatever is still being answered.',
  mends: true,
  *find({ services }) {
    for (const service of services) {
      const start = commandOf(service, 'startCommand')
      if (start === undefined || service.env.has('FASTIFY_CLOSE_GRACE_DELAY')) continue
      const lines = [start.text, ...start.analysis.invocations.map(({ program, args }) => [program, ...args].join(' '))]
      if (!lines.some((line) => /\bfastify start\b/.test(line)) || lines.some((line) => /--close-grace-delay|FASTIFY_CLOSE_GRACE_DELAY=|\s-g\s/.test(line))) continue
      const value = graceMs(service)
      yield { place: start.node, message: 'fastify-cli ends half a second after SIGTERM', fix: `set FASTIFY_CLOSE_GRACE_DELAY to ${value}`, remedy: settingOf(service, { key: 'FASTIFY_CLOSE_GRACE_DELAY', value }) }
    }
  },
}

/** Five seconds before the platform ends the program; 30 are given where the Blueprint says nothing. */
function graceMs({ node }: Service): number {
  return Math.max(1, (numberOf(node, 'maxShutdownDelaySeconds') ?? 30) - 5) * 1000
}
