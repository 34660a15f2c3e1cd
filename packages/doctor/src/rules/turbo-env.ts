import { nextApps } from '../next-app.ts'
import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'
import { commandOf } from '../service.ts'
import { turboFile } from '../turbo-file.ts'

export const turboEnv: Rule = {
  id: 'turbo-env',
  severity: 'warning',
  holds: 'Variables that next.config reads are declared in turbo.json.',
  why: 'Turborepo keeps the others from the build, so they are undefined there, and a kept build of other values is taken for this one.',
  *find(subject) {
    for (const { service, repository, file, config } of nextApps(subject)) {
      const build = commandOf(service, 'buildCommand')
      const turbo = turboFile(repository)
      if (build === undefined || turbo === undefined || !turbo.isStrict || !build.analysis.invocations.some(({ program }) => program === 'turbo')) continue
      const own = turboFile(repository, service.app?.directory)
      const tasks = [turbo, ...(own === undefined ? [] : [own])].flatMap(({ tasks: list }) => Object.values(list))
      const declared = [...turbo.globalEnv, ...tasks.flatMap(({ env, passThroughEnv }) => [...env, ...passThroughEnv])]
      for (const read of config.matchAll(/\bprocess\.env\.([A-Z][A-Z0-9_]*)|\bprocess\.env\[['"]([A-Z][A-Z0-9_]*)['"]\]/g)) {
        const key = read[1] ?? read[2] ?? ''
        if (!service.env.has(key) || isPassed(key, declared)) continue
        yield { place: placeIn(config, read.index), file, message: `turbo.json does not pass ${key} to the build`, fix: `add "${key}" to env of the build task in turbo.json` }
      }
    }
  },
}

/** What Turborepo passes to apps of Next.js by itself, and what is declared, with its wildcards. */
function isPassed(key: string, declared: readonly string[]): boolean {
  if (/^(?:NEXT_PUBLIC_|VERCEL_)|^(?:NODE_ENV|PORT|CI|HOME|PATH)$/.test(key)) return true
  return declared.some((name) => (name.endsWith('*') ? key.startsWith(name.slice(0, -1)) : name === key))
}
