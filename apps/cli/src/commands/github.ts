import { contract, hookWishSchema, PlimsollError, type HookWish } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { ensureApi, requireApi } from '../connect.ts'
import { hookEventLines, hookText, madeHookText } from '../hook-text.ts'
import { createPainter } from '../screen/painter.ts'
import { fit } from '../screen/fit.ts'
import { secretsIn } from '../secrets-in.ts'
import type { Session } from '../session.ts'

interface GithubOptions extends AppOptions {
  readonly json: boolean
  readonly directory?: string
}

interface SetOptions extends GithubOptions {
  readonly branch?: string
  readonly path?: string
  readonly githubServer?: string
  readonly onPush?: string
  readonly onPullRequest?: string
  readonly forks: boolean
  readonly tokenFrom?: string
  readonly secretFrom?: string
}

export function addGithub(program: Command, session: Session): void {
  const github = program.command('github').summary('release what is pushed, verify pull requests')
    .description('Lets GitHub tell Plimsoll what changes in a repository: what is pushed to a branch is released, and pull requests\ninto it are verified, with a status at their commit.')
  const settle = github.command('set').summary('settle what is done')
    .description('Settles what is done when the repository changes, and prints what GitHub has to know. Given again it settles all of\nit anew; the secret and the token stay as long as they are for the same repository.')
    .argument('<repository>', 'owner/name')
    .option('--branch <name>', 'what is pushed to it is released, and pull requests into it are verified (default: main)')
    .option('--path <directory>', 'the directory of the repository that holds the Blueprint (default: its root)')
    .option('--github-server <url>', 'where the repository is, if not at github.com')
    .option('--on-push <what>', 'release, or nothing (default: release)')
    .option('--on-pull-request <what>', 'verify, or nothing (default: verify)')
    .option('--forks', 'verify pull requests from forks too: that runs on the machine of Plimsoll what a stranger has written', false)
    .option('--token-from <variable>', 'the variable that holds a token that may read the repository and write commit statuses; what is public can be fetched without')
    .option('--secret-from <variable>', 'the variable that holds the secret with which GitHub signs (default: one is made, and printed once)')
  common(settle).action(async (repository: string, options: SetOptions) => {
    const body = await wishIn(session, repository, options)
    const made = await (await ensureApi(session)).call(contract.setHook, { params: { app: appOf(session, options) }, body })
    print(session, options, { value: made, text: madeHookText(made) })
  })
  common(github.command('show').summary('what is done').description('Shows what is done when the repository changes. Secret and token are never printed.'))
    .action(async (options: GithubOptions) => {
      const hook = await (await requireApi(session)).call(contract.showHook, { params: { app: appOf(session, options) } })
      print(session, options, { value: hook, text: hookText(hook) })
    })
  common(github.command('log').summary('what GitHub said').description('Lists what GitHub has said, newest first, and what came of it.'))
    .action(async (options: GithubOptions) => {
      const events = await (await requireApi(session)).call(contract.listHookEvents, { params: { app: appOf(session, options) } })
      print(session, options, { value: events, text: hookEventLines(events, createPainter(session.out)) })
    })
  common(github.command('off').summary('do nothing more').description('Does nothing more when the repository changes, and forgets the secret and the token.'))
    .action(async (options: GithubOptions) => {
      const app = appOf(session, options)
      await (await requireApi(session)).call(contract.removeHook, { params: { app } })
      print(session, options, { value: { removed: app }, text: `Nothing is done for ${app} any more when its repository changes.\n` })
    })
}

function common(command: Command): Command {
  return command
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-C, --directory <path>', 'the directory that holds the Blueprint (default: this one)')
    .option('--json', 'print it as one JSON value', false)
}

function appOf(session: Session, options: GithubOptions): string {
  return appIn(directoryIn(session, options.directory), options)
}

/** Throws `USAGE` with all that is wrong. */
async function wishIn(session: Session, repository: string, { branch, path, githubServer, onPush, onPullRequest, forks, tokenFrom, secretFrom }: SetOptions): Promise<HookWish> {
  const secrets = await secretsIn(session, { ...(tokenFrom !== undefined && { token: tokenFrom }), ...(secretFrom !== undefined && { secret: secretFrom }) })
  const read = hookWishSchema.safeParse({ repository, branch, directory: path, server: githubServer, onPush, onPullRequest, forks, ...secrets })
  if (read.success) return read.data
  throw new PlimsollError('USAGE', `This cannot be settled: ${read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`, { hint: 'See what there is: plimsoll github set --help' })
}

function print({ out }: Session, { json }: GithubOptions, { value, text }: { readonly value: unknown; readonly text: string }): void {
  out.write(json ? `${JSON.stringify(value)}\n` : fit(text, out.columns))
}
