import { ownEnvironment, runTool } from './run-tool.ts'

/** Runs `docker …` as whoever started the bench would, and gives what it said. */
export async function docker(...args: readonly string[]): Promise<string> {
  return runTool('docker', args, { cwd: '/', environment: ownEnvironment() })
}

/** Why Docker cannot be asked for this (`no Docker engine`); undefined when `question` is answered with something that `suits`. */
export async function whyNoDocker(question: readonly string[], { suits, otherwise }: { readonly suits: (answer: string) => boolean; readonly otherwise: string }): Promise<string | undefined> {
  const engine = await answerOf('info', '--format', '{{.ServerVersion}}')
  if (engine === undefined) return 'no Docker engine'
  const answer = await answerOf(...question)
  return answer !== undefined && suits(answer) ? undefined : otherwise
}

async function answerOf(...args: readonly string[]): Promise<string | undefined> {
  try {
    return (await docker(...args)).trim()
  } catch {
    return undefined // no client, no engine, or no such command
  }
}
