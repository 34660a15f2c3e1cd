import { enableCompileCache } from 'node:module'

// Half of the time of a short command is spent on reading and stripping sources, which the cache saves. This file is
// plain JavaScript: to strip it, before there is a cache, would load the compiler each time.
enableCompileCache()
const { runCli } = await import('./run-cli.ts')

// Whoever read has read enough (plimsoll logs | head): what was begun goes on, and there is nobody to tell more.
const brokenPipe = 141
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(brokenPipe)
    throw error
  })
}

process.exitCode = await runCli(process.argv.slice(2), { environment: process.env, directory: process.cwd(), input: process.stdin, out: process.stdout, err: process.stderr })
