import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a program to its end and gives what it said. Rejects when it fails, or takes longer than two minutes. */
export async function runTool(command: string, args: readonly string[], { cwd, environment }: { readonly cwd: string; readonly environment?: Readonly<Record<string, string>> }): Promise<string> {
  const { stdout } = await run(command, [...args], { cwd, timeout: 120_000, maxBuffer: 16_000_000, env: { PATH: process.env['PATH'], HOME: cwd, ...environment } })
  return stdout
}

/** For tools that find their registry, their certificates and their plugins where whoever started the bench has them. */
export function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}
