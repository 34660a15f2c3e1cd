import { join } from 'node:path'
import type { NextConfig } from 'next'

const monorepo = join(import.meta.dirname, '../..')

export default {
  output: 'standalone',
  outputFileTracingRoot: monorepo,
  turbopack: { root: monorepo },
  poweredByHeader: false,
} satisfies NextConfig
