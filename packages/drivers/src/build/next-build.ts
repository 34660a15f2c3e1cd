import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { AssetTree } from '@plimsoll/model'
import { z } from 'zod'

const requiredServerFilesSchema = z.object({
  relativeAppDir: z.string().default(''),
  config: z.object({
    distDir: z.string().default('.next'),
    basePath: z.string().default(''),
    assetPrefix: z.string().default(''),
    deploymentId: z.string().optional(),
  }),
})

/** What a Next.js build says about itself. */
export interface NextBuild {
  /** Relative to the app's own directory, usually `.next`. */
  readonly distDir: string
  readonly buildId: string | undefined
  readonly deploymentId: string | undefined
  /** The paths under which browsers ask for `static`. */
  readonly urlPrefixes: readonly string[]
}

/** Reads a Next.js build directory; undefined when there is no finished build in it. */
export async function readNextBuild(directory: string): Promise<NextBuild | undefined> {
  const text = await readFile(path.join(directory, 'required-server-files.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { config } = requiredServerFilesSchema.parse(JSON.parse(text))
  const buildId = await readFile(path.join(directory, 'BUILD_ID'), 'utf8').catch(() => undefined)
  return {
    distDir: config.distDir.replace(/^\.\//, ''),
    buildId: buildId?.trim(),
    deploymentId: config.deploymentId === '' ? undefined : config.deploymentId,
    urlPrefixes: [...new Set([config.basePath, pathOf(config.assetPrefix) ?? config.basePath].map((base) => `${base.replace(/\/+$/, '')}/_next/static/`))],
  }
}

/** The asset trees of a build whose `static` lies at `directory` in the artifact. */
export function assetsOf(build: NextBuild, directory: string): AssetTree[] {
  return build.urlPrefixes.map((urlPrefix) => ({ directory, urlPrefix }))
}

/** A prefix can be a path or the address of a CDN, which fetches by the same path from the origin. */
function pathOf(assetPrefix: string): string | undefined {
  if (assetPrefix === '') return undefined
  const url = URL.parse(assetPrefix, 'http://origin.invalid')
  return url === null ? undefined : url.pathname.replace(/\/+$/, '')
}
