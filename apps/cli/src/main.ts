import { runCli } from './run-cli.ts'

process.exitCode = await runCli(process.argv.slice(2), { environment: process.env, directory: process.cwd(), out: process.stdout, err: process.stderr })
