import type { RepositoryFiles } from './repository-files.ts'
import { dependsOn, servicesHere, type Service } from './service.ts'

/** A service that serves an app of Next.js, with the text of its configuration. */
export interface NextApp {
  readonly service: Service
  readonly repository: RepositoryFiles
  /** The directory of its package, with a slash behind it unless it is the root. */
  readonly at: string
  /** The file of the configuration, and its text without comments; empty where there is none. */
  readonly file: string
  readonly config: string
}

const names = ['next.config.ts', 'next.config.mjs', 'next.config.js', 'next.config.cjs', 'next.config.mts']

export function nextApps(subject: Parameters<typeof servicesHere>[0]): NextApp[] {
  return servicesHere(subject).flatMap(({ service, repository }) => {
    const { app } = service
    if (app === undefined || !dependsOn(app, 'next') || !['web', 'pserv'].includes(service.kind)) return []
    const at = app.directory === '' ? '' : `${app.directory}/`
    const file = names.map((name) => `${at}${name}`).find((name) => repository.files.has(name)) ?? `${at}${names[0]}`
    return [{ service, repository, at, file, config: withoutComments(repository.text(file) ?? '') }]
  })
}

/** Blanks stand where comments stood, so that places stay. */
function withoutComments(text: string): string {
  return text.replaceAll(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[^])*`)|\/\/[^\n]*|\/\*[^]*?\*\//g, (whole, string: string | undefined) => string ?? whole.replaceAll(/[^\n]/g, ' '))
}
