import { fileURLToPath } from 'node:url'
import type { Peer } from '../peers.ts'

function floor(name: string, file: string): Peer {
  const script = fileURLToPath(new URL(file, import.meta.url))
  return {
    name,
    command: process.execPath,
    configure: ([way]) => ({
      file: 'empty',
      text: '',
      args: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', script, String(way?.port), String(way?.upstream.port)],
    }),
  }
}

/**
 * What `node:http` costs before anything is proxied, and what a proxy on it costs that keeps none of a proxy's duties: no design with
 * `node:http` towards clients gets below them. The edge is to be read beside these as much as beside nginx.
 */
export const floors: readonly Peer[] = [floor('node:http alone', 'answer-alone.ts'), floor('bare hybrid', 'bare-hybrid.ts')]
