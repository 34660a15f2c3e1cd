import { enableCompileCache } from 'node:module'

// Half of the time of a short command is spent on reading and stripping sources, which the cache saves. This file is
// plain JavaScript: to strip it, before there is a cache, would load the compiler each time.
enableCompileCache()
const { runCli } = await import('./run-cli.ts')

process.exitCode = await runCli(process.argv.slice(2), { environment: process.env, directory: process.cwd(), input: process.stdin, out: process.stdout, err: process.stderr })
