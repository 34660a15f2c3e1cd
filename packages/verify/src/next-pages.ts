import { glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The pages of a built Next.js app; route handlers and framework pages are none. */
export interface NextPages {
  /** Paths of the pages that need no parameter, in alphabetical order. */
  readonly fixed: readonly string[]
  /** What the paths of each page with a parameter look like. */
  readonly withParameter: readonly RegExp[]
}

/** More pages than this are sampled: the first ones in alphabetical order. */
export const mostPages = 25

const appPathsSchema = z.record(z.string(), z.string())
const pagesSchema = z.record(z.string(), z.string())
const routesSchema = z.object({ dynamicRoutes: z.array(z.object({ page: z.string(), regex: z.string() })).default([]) })

/** Reads the app's own manifests below `files`; undefined when there is no Next.js build. */
export async function nextPagesOf(files: string): Promise<NextPages | undefined> {
  for await (const found of glob('**/.next/BUILD_ID', { cwd: files, exclude: (name) => name === 'node_modules' })) {
    return pagesOf(join(files, dirname(found)))
  }
  return undefined
}

async function pagesOf(build: string): Promise<NextPages> {
  const [appPaths, pages, { dynamicRoutes }] = await Promise.all([
    readManifest(join(build, 'app-path-routes-manifest.json'), appPathsSchema),
    readManifest(join(build, 'server/pages-manifest.json'), pagesSchema),
    readManifest(join(build, 'routes-manifest.json'), routesSchema),
  ])
  const fromApp = Object.entries(appPaths).filter(([file]) => file.endsWith('/page')).map(([, route]) => route)
  const fromPages = Object.keys(pages).filter((route) => !route.startsWith('/api/'))
  const own = new Set([...fromApp, ...fromPages].filter((route) => !/^\/(?:_|404$|500$)/.test(route)))
  return {
    fixed: [...own].filter((route) => !route.includes('[') && !route.includes('(')).toSorted(),
    withParameter: dynamicRoutes.filter(({ page }) => own.has(page)).map(({ regex }) => new RegExp(regex)),
  }
}

async function readManifest<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    // An app has an app router, a pages router, or both: an absent manifest means that it has none of that kind.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return schema.parse({})
    throw error
  }
}
