import type { Rule } from '../rule.ts'
import { commandOf } from '../service.ts'
import { settingOf } from '../setting.ts'

export const nextHostname: Rule = {
  id: 'next-hostname',
  severity: 'warning',
  holds: 'A standalone server of Next.js is told where to listen.',
  why: 'It listens on the name in HOSTNAME, which containers set to their own, and is then not reachable from inside: health checks fail.',
  mends: true,
  *find({ services }) {
    for (const service of services) {
      const start = commandOf(service, 'startCommand') ?? commandOf(service, 'dockerCommand')
      if (start === undefined || !/\.next\/standalone\/\S*server\.js\b/.test(start.text) || /\bHOSTNAME=/.test(start.text) || service.env.has('HOSTNAME')) continue
      yield { place: start.node, message: 'the server listens on whatever HOSTNAME is there', fix: 'set HOSTNAME to 0.0.0.0 in envVars', remedy: settingOf(service, { key: 'HOSTNAME', value: '0.0.0.0' }) }
    }
  },
}
