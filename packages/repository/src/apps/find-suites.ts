import type { Workspace } from '../workspace.ts'
import { scriptCall, type FoundManager } from './find-manager.ts'
import type { FoundSuite } from './found.ts'
import { dependencyOf, inManifest } from './in-manifest.ts'

const suite = /^(?:test:(?:integration|e2e|browser|api)|integration|e2e)$/
/** What runs the scripts of other packages, which are found there. */
const handsOn = /\b(?:turbo|nx)\b|\b(?:pnpm|npm|yarn)\b.*(?:--filter|-F|-r\b|--recursive|--workspaces?|workspaces?\b)/

/** Scripts that test what runs, by the names that they usually have. */
export function findSuites({ root, packages }: Workspace, manager: FoundManager): FoundSuite[] {
  return [root, ...packages].flatMap((one) => Object.entries(one.manifest.scripts).filter(([name, script]) => suite.test(name) && !handsOn.test(script)).map(([script, text]) => ({
    name: `${one.directory === '' ? '' : `${one.directory.split('/').at(-1)}-`}${script.replace('test:', '')}`.replaceAll(/[^a-z0-9-]+/gi, '-').toLowerCase(),
    command: scriptCall(manager, one, script),
    browser: /\bplaywright\b/.test(text) || dependencyOf(one, ['@playwright/test', 'playwright', 'playwright-core']) !== undefined,
    from: inManifest(one, `scripts.${script}`),
  })))
}
