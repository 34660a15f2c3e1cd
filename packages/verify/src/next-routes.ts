import { glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const appPathsSchema = z.record(z.string(), z.string())
const pagesSchema = z.record(z.string(), z.string())

/**
 * Paths of the pages of a built Next.js app that need no parameter, found in its own manifests below `files`;
 * undefined when there is no Next.js build. Route handlers, dynamic routes and framework pages are left out.
 */
export async function staticPagesOf(files: string): Promise<readonly string[] | undefined> {
  for await (const found of glob('**/.next/BUILD_ID', { cwd: files, exclude: (name) => name === 'node_modules' })) {
    return pagesOf(join(files, dirname(found)))
  }
  return undefined
}

async function pagesOf(build: string): Promise<readonly string[]> {
  const appPaths = await readManifest(join(build, 'app-path-routes-manifest.json'), appPathsSchema)
  const pages = await readManifest(join(build, 'server/pages-manifest.json'), pagesSchema)
  const fromApp = Object.entries(appPaths).filter(([file]) => file.endsWith('/page')).map(([, route]) => route)
  const fromPages = Object.entries(pages).filter(([route]) => !route.startsWith('/api/')).map(([route]) => route)
  const own = [...fromApp, ...fromPages].filter((route) => !route.includes('[') && !route.includes('(') && !/^\/(?:_|404$|500$)/.test(route))
  return [...new Set(own)].toSorted()
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
