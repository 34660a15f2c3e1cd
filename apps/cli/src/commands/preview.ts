import type { Client } from '@plimsoll/client'
import { contract, PlimsollError, previewSettingsSchema, type AppName, type Preview } from '@plimsoll/model'
import type { Command } from 'commander'
import { appIn, directoryIn, type AppOptions } from '../app-in.ts'
import { requireApi } from '../connect.ts'
import { countIn } from '../number-in.ts'
import { addressText } from '../outcome-text.ts'
import { clonedText, previewLines, previewSettingsText } from '../preview-lines.ts'
import { sayOutcome } from '../say-outcome.ts'
import { fit } from '../screen/fit.ts'
import { createPainter } from '../screen/painter.ts'
import { branchFor } from '../send-source.ts'
import type { Session } from '../session.ts'
import { watchToEnd } from '../watch-release.ts'

interface PreviewOptions extends AppOptions {
  readonly directory?: string
  readonly json: boolean
}

interface CreateOptions extends PreviewOptions {
  readonly pull?: string
  readonly data?: string
  readonly file: string
  readonly verbose: boolean
}

interface SettingsOptions extends PreviewOptions {
  readonly data?: string
  readonly secrets?: string
  readonly forks?: string
  readonly verify?: string
  readonly limit?: string
  readonly whenFull?: string
  readonly expireAfter?: string
}

export function addPreview(program: Command, session: Session): void {
  const preview = program.command('preview').summary('throw-away apps from branches and pull requests')
    .description('Makes throw-away apps that show what a branch or a pull request would make of an app: each has its own address, databases and\nvalues, and ends with its pull request or after some days. With `previews.generation` in the Blueprint, GitHub makes them.')
  common(preview.command('list').summary('which there are').description('Lists the previews of the app, newest first: their addresses, commits, and when each ends.')).action((options: PreviewOptions) => list(session, options))
  common(preview.command('create').summary('make one, or release a new commit in it'))
    .description('Releases the newest commit of a branch, or of a pull request, as an app of its own. Its databases begin as a copy of those of the\napp, with everything that is in them, or empty (--data). Done again it releases what is new; data of the preview stays.')
    .argument('[branch]', 'what is committed on it is released')
    .option('--pull <number>', 'the pull request of this number, in the repository that GitHub tells of')
    .option('--data <what>', 'what its databases begin with: clone, a copy of what the app’s own hold now, or empty (default: as settled)')
    .option('-f, --file <path>', 'the Blueprint, relative to the directory; where the source is sent to another machine', 'render.yaml')
    .option('-v, --verbose', 'show every line that builds and commands print', false)
    .action((branch: string | undefined, options: CreateOptions) => create(session, branch, options))
  common(preview.command('keep').summary('let one live longer').description('Lets a preview live until it is ended, or its pull request is closed; with --days that many days from now.'))
    .argument('<preview>', 'its name, its branch, or the number of its pull request')
    .option('--days <count>', 'it ends so many days from now, unless a new commit comes')
    .action((name: string, options: PreviewOptions & { readonly days?: string }) => keep(session, name, options))
  common(preview.command('end').summary('end one').description('Ends a preview at once and without asking: its services, databases, values and addresses are gone for ever. The app itself is not touched.'))
    .argument('<preview>', 'its name, its branch, or the number of its pull request')
    .action((name: string, options: PreviewOptions) => end(session, name, options))
  common(preview.command('settings').summary('how they are made'))
    .description('Shows how previews of the app are made, or settles what is given; the rest stays. Those that are there stay as they were made.')
    .option('--data <what>', 'what databases begin with: clone or empty')
    .option('--secrets <keys>', 'values that were set for the app and come along, as in: api/STRIPE_KEY,group:mail/TOKEN; * for all, none for none')
    .option('--forks <yes|no>', 'whether pull requests from forks have one: a stranger’s code then reads what its databases hold')
    .option('--verify <yes|no>', 'whether their releases are proven in a throw-away copy first')
    .option('--limit <count>', 'how many there are at once')
    .option('--when-full <what>', 'what happens to the next one then: refuse, or end-oldest')
    .option('--expire-after <days>', 'when one ends that has no new commit, where previews.expireAfterDays does not say')
    .action((options: SettingsOptions) => settle(session, options))
}

function common(command: Command): Command {
  return command
    .option('--app <name>', 'the name of the app (default: that of the directory)')
    .option('-C, --directory <path>', 'the directory that holds the Blueprint (default: this one)')
    .option('--json', 'print it as JSON', false)
}

function appOf(session: Session, options: PreviewOptions): AppName {
  return appIn(directoryIn(session, options.directory), options)
}

async function list(session: Session, options: PreviewOptions): Promise<void> {
  const app = appOf(session, options)
  const previews = await (await requireApi(session)).call(contract.listPreviews, { params: { app } })
  print(session, options, { value: previews, text: previewLines(previews, createPainter(session.out)) || `${app} has no previews. Make one: plimsoll preview create BRANCH --app ${app}\n` })
}

async function create(session: Session, branch: string | undefined, options: CreateOptions): Promise<void> {
  if ((branch === undefined) === (options.pull === undefined)) throw new PlimsollError('USAGE', 'Name a branch, or a pull request with --pull', { hint: 'As in: plimsoll preview create new-cart' })
  const root = directoryIn(session, options.directory)
  const of = appIn(root, options)
  const client = await requireApi(session)
  const source = branch === undefined ? undefined : await branchFor({ client, session }, { app: of, root, blueprint: options.file, branch })
  const data = options.data === undefined ? undefined : choice(options.data, '--data', ['clone', 'empty'] as const)
  const made = await client.call(contract.createPreview, { params: { app: of }, body: { ...(branch !== undefined ? { branch } : { pull: countIn(options.pull ?? '', '--pull') }), ...(source !== undefined && { source }), ...(data !== undefined && { data }) } }, session.interrupted)
  if (!options.json) session.out.write(fit(`${createPainter(session.out)('bold', `Preview ${made.app}.`)} ${clonedText(made)}\n`, session.out.columns))
  const { release } = await client.call(contract.showRelease, { params: { app: made.app, release: made.release ?? 1 } })
  const settled = await watchToEnd({ client, session, release }, options)
  const view = await client.call(contract.showApp, { params: { app: made.app } })
  sayOutcome(session, { release: settled, app: view }, options)
  if (!options.json) session.out.write(fit(addressText(view, createPainter(session.out)), session.out.columns))
}

async function keep(session: Session, name: string, options: PreviewOptions & { readonly days?: string }): Promise<void> {
  const client = await requireApi(session)
  const { of, app } = await previewCalled(client, appOf(session, options), name)
  const kept = await client.call(contract.keepPreview, { params: { app: of, preview: app }, body: { days: options.days === undefined ? null : countIn(options.days, '--days') } })
  print(session, options, { value: kept, text: previewLines([kept], createPainter(session.out)) })
}

async function end(session: Session, name: string, options: PreviewOptions): Promise<void> {
  const client = await requireApi(session)
  const { of, app } = await previewCalled(client, appOf(session, options), name)
  session.partWith('Plimsoll goes on with this in the background. See what is left: plimsoll preview list')
  const ended = await client.call(contract.endPreview, { params: { app: of, preview: app } })
  print(session, options, { value: ended, text: `Preview ${app} is ended. ${of} is as it was.\n` })
}

async function settle(session: Session, options: SettingsOptions): Promise<void> {
  const { data, secrets, forks, verify, limit, whenFull, expireAfter } = options
  const client = await requireApi(session)
  const params = { app: appOf(session, options) }
  const now = await client.call(contract.showPreviewSettings, { params })
  const wish = {
    ...(data !== undefined && { data }), ...(whenFull !== undefined && { whenFull }),
    ...(secrets !== undefined && { secrets: secrets === 'none' ? [] : secrets.split(',').map((key) => key.trim()) }),
    ...(forks !== undefined && { forks: choice(forks, '--forks', ['yes', 'no']) === 'yes' }), ...(verify !== undefined && { verify: choice(verify, '--verify', ['yes', 'no']) === 'yes' }),
    ...(limit !== undefined && { limit: countIn(limit, '--limit') }), ...(expireAfter !== undefined && { expireAfterDays: countIn(expireAfter, '--expire-after') }),
  }
  const read = previewSettingsSchema.safeParse({ ...now, ...wish })
  if (!read.success) throw new PlimsollError('USAGE', `This cannot be settled: ${read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`, { hint: 'See what there is: plimsoll preview settings --help' })
  const settled = Object.keys(wish).length === 0 ? now : await client.call(contract.setPreviewSettings, { params, body: read.data })
  print(session, options, { value: settled, text: previewSettingsText(settled) })
}

/** By its name, its branch, or its pull request. Throws `NOT_FOUND`, naming those that there are. */
async function previewCalled(client: Client, of: AppName, name: string): Promise<Preview> {
  const all = await client.call(contract.listPreviews, { params: { app: of } })
  const found = all.find(({ app }) => app === name) ?? all.find(({ pull, branch }) => branch === name || (pull !== null && String(pull) === name.replace(/^#|^pr-/, '')))
  if (found !== undefined) return found
  throw new PlimsollError('NOT_FOUND', `${of} has no preview "${name}"`, { hint: all.length === 0 ? `Make one: plimsoll preview create BRANCH --app ${of}` : `There are: ${all.map(({ app }) => app).join(', ')}` })
}

function choice<Choice extends string>(text: string, option: string, choices: readonly Choice[]): Choice {
  const found = choices.find((each) => each === text)
  if (found === undefined) throw new PlimsollError('USAGE', `"${text}" is nothing for ${option}`, { hint: `Write ${choices.join(' or ')}.` })
  return found
}

function print({ out }: Session, { json }: PreviewOptions, { value, text }: { readonly value: unknown; readonly text: string }): void {
  out.write(json ? `${JSON.stringify(value)}\n` : fit(text, out.columns))
}
