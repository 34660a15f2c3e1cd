import { lockfiles } from '../build-inputs.ts'
import type { Rule } from '../rule.ts'
import { servicesHere } from '../service.ts'

const frozen = /\bpnpm\b[^&;|]*--frozen-lockfile|\bnpm (?:ci|clean-install)\b|\byarn\b[^&;|]*--(?:frozen-lockfile|immutable)|\bbun install\b[^&;|]*--frozen-lockfile/
const own = { pnpm: ['pnpm-lock.yaml'], npm: ['package-lock.json', 'npm-shrinkwrap.json'], yarn: ['yarn.lock'], bun: ['bun.lock', 'bun.lockb'] } as const

/** Which major versions of pnpm read a lockfile, by its lockfileVersion. */
const readers: readonly (readonly [lockfileVersion: RegExp, from: number, to: number])[] = [[/^5/, 3, 7], [/^6/, 7, 8], [/^9/, 9, Infinity]]

export const lockfile: Rule = {
  id: 'lockfile',
  severity: 'warning',
  holds: 'There is a lockfile of the package manager that installs, in a version that it reads.',
  why: 'An install that must not change the lockfile fails without one, or with one of another version.',
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
      const written = /^lockfileVersion:\s*['"]?([\d.]+)/m.exec(repository.text('pnpm-lock.yaml') ?? '')?.[1]
      const pinned = /^pnpm@(\d+)/.exec(repository.workspace.root.manifest.packageManager ?? '')?.[1]
      const reader = readers.find(([form]) => written !== undefined && form.test(written))
      if (manager !== 'pnpm' || pinned === undefined || reader === undefined || (Number(pinned) >= reader[1] && Number(pinned) <= reader[2])) continue
      yield { place: build.node, message: `pnpm ${pinned}, which packageManager names, does not read lockfileVersion ${written}`, fix: 'write the lockfile anew with that pnpm, or name the one that wrote it' }
    }
  },
}
