import { lockfiles } from '../build-inputs.ts'
import type { Rule } from '../rule.ts'
import { servicesHere } from '../service.ts'

const frozen = /\bpnpm\b[^&;|]*--frozen-lockfile|\bnpm (?:ci|clean-install)\b|\byarn\b[^&;|]*--(?:frozen-lockfile|immutable)|\bbun install\b[^&;|]*--frozen-lockfile/
const own = { pnpm: ['pnpm-lock.yaml'], npm: ['package-lock.json', 'npm-shrinkwrap.json'], yarn: ['yarn.lock'], bun: ['bun.lock', 'bun.lockb'] } as const

export const lockfile: Rule = {
  id: 'lockfile',
  severity: 'warning',
  holds: 'There is one lockfile, of the package manager that installs.',
  why: 'An install that must not change the lockfile fails without one, and of two it takes the one that nobody keeps up.',
  *find(subject) {
    for (const { service: { commands, root }, repository } of servicesHere(subject)) {
      const build = commands.find(({ key }) => key === 'buildCommand')
      const call = frozen.exec(build?.text ?? '')?.[0]
      if (build === undefined || call === undefined) continue
      const manager = (Object.keys(own) as (keyof typeof own)[]).find((name) => new RegExp(`^${name}\\b`).test(call)) ?? 'npm'
      const places = root === '' ? [''] : ['', `${root}/`]
      const there = lockfiles.filter((file) => places.some((place) => repository.files.has(`${place}${file}`)))
      if (!there.some((file) => (own[manager] as readonly string[]).includes(file))) {
        yield { place: build.node, message: `${manager} finds no ${own[manager][0]} in the repository`, fix: there.length === 0 ? `commit ${own[manager][0]}` : `install with what ${there[0]} belongs to` }
      }
    }
  },
}
