import type { NextApp } from '../next-app.ts'
import { nextApps } from '../next-app.ts'
import type { Rule } from '../rule.ts'
import { commandOf } from '../service.ts'

export const nextStandaloneAssets: Rule = {
  id: 'next-standalone-assets',
  severity: 'warning',
  holds: 'The static files of Next.js lie beside its standalone server.',
  why: 'The build does not put them there: pages come without styles and scripts, and everything in public is not found.',
  *find(subject) {
    for (const app of nextApps(subject)) {
      const start = commandOf(app.service, 'startCommand')
      if (start === undefined || ![start.text, ...start.analysis.invocations.flatMap(({ args }) => args)].some((text) => /\.next\/standalone\/|standalone\/\S*server\.js/.test(text)) || copiesStatic(app)) continue
      yield { place: start.node, message: 'nothing copies .next/static to where the server looks for it', fix: 'after next build: cp -r .next/static .next/standalone/<directory of the app>/.next/, and the same with public' }
    }
  },
}

/** In a command, in a script of package.json, or in a file of the package that speaks of both. */
function copiesStatic({ service, repository, at }: NextApp): boolean {
  const scripts = [service.app, repository.workspace.root].flatMap((one) => Object.values(one?.manifest.scripts ?? {}))
  const lines = [...service.commands.map(({ text }) => text), ...scripts]
  if (lines.some((line) => /static/.test(line) && /standalone/.test(line))) return true
  const files = [...repository.files].filter((file) => file.startsWith(at) && /\.(?:[cm]?[jt]s|sh)$/.test(file) && !/\/(?:src|app|pages)\//.test(`/${file.slice(at.length)}`))
  return files.some((file) => {
    const text = repository.text(file) ?? ''
    return text.includes('standalone') && text.includes('static')
  })
}
