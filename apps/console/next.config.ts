import { join } from 'node:path'
import type { NextConfig } from 'next'

const repository = join(import.meta.dirname, '../..')

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  transpilePackages: ['@plimsoll/client', '@plimsoll/model'],
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Browsers ask for this by themselves, at times before they have read which icon a page names.
  redirects: () => Promise.resolve([{ source: '/favicon.ico', destination: '/icon.svg', permanent: true }]),
  // No picture here is resized, so the image optimizer and its native library stay out of what ships.
  images: { unoptimized: true },
  outputFileTracingExcludes: { '*': ['../../node_modules/.pnpm/@img+*/**', '../../node_modules/.pnpm/sharp@*/**', '**/*.test.ts', 'test/**'] },
  // The checks of this repository run the type checker over every package, this one included.
  typescript: { ignoreBuildErrors: true },
}

// oxlint-disable-next-line import/no-default-export -- Next.js asks for one
export default config
