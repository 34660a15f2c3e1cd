import type { Client } from '@plimsoll/client'
import { contract, newChannelSchema, PlimsollError, topics, topicTitles, type Channel, type NewChannel } from '@plimsoll/model'
import type { Command } from 'commander'
import { ensureApi, requireApi } from '../connect.ts'
import { channelLines, deliveryLines, testText } from '../notify-text.ts'
import { createPainter } from '../screen/painter.ts'
import { fit } from '../screen/fit.ts'
import { askHidden } from '../screen/ask-hidden.ts'
import type { Session } from '../session.ts'

interface Printed {
  readonly json: boolean
}

interface AddOptions extends Printed {
  readonly name?: string
  readonly for?: string
  readonly topics?: string
  readonly urlFrom?: string
  readonly secretFrom?: string
  readonly serverFrom?: string
  readonly tokenFrom?: string
  readonly from?: string
  readonly to?: string
  readonly repository?: string
  readonly apiUrl?: string
}

const kinds = ['slack', 'webhook', 'email', 'github'] as const
type Kind = (typeof kinds)[number]

export function addNotify(program: Command, session: Session): void {
  const notify = program.command('notify').summary('who is told what happens')
    .description('Tells people and programs when a release is live, failed, went back or needs attention, and when a verification\nturns: by Slack, webhook, email, or as a status at the commit.')
  printed(notify.command('list').summary('who is told').description('Lists the channels: who is told of what, and whether they are on. Addresses and secrets are never printed.'))
    .action(async ({ json }: Printed) => {
      const channels = await (await requireApi(session)).call(contract.listChannels, {})
      print(session, { json, value: channels, text: channelLines(channels, createPainter(session.out)) })
    })
  addAdd(notify, session)
  printed(notify.command('test').summary('send a test').description('Sends a test now, once, and says what the receiver answered.').argument('<channel>', 'its name, or its id'))
    .action(async (channel: string, { json }: Printed) => {
      const client = await requireApi(session)
      const answer = await client.call(contract.testChannel, { params: { channel: (await named(client, channel)).id } })
      if (answer.is === 'undelivered') session.exitWith(1)
      print(session, { json, value: answer, text: testText(answer) })
    })
  printed(notify.command('remove').summary('tell somebody no more').description('Removes a channel, and forgets what waits for it.').argument('<channel>', 'its name, or its id'))
    .action(async (channel: string, { json }: Printed) => {
      const client = await requireApi(session)
      const { id, name } = await named(client, channel)
      await client.call(contract.removeChannel, { params: { channel: id } })
      print(session, { json, value: { removed: id }, text: `${name} is told nothing any more.\n` })
    })
  printed(notify.command('log').summary('the last messages').description('Lists the last messages, newest first, and what became of each.'))
    .action(async ({ json }: Printed) => {
      const deliveries = await (await requireApi(session)).call(contract.listDeliveries, {})
      print(session, { json, value: deliveries, text: deliveryLines(deliveries, createPainter(session.out)) })
    })
}

function addAdd(notify: Command, session: Session): void {
  printed(notify.command('add').summary('tell somebody more')
    .description(`Adds a channel. What is secret is read from the environment variable that you name, or asked for on a terminal;\nit is not printed again by anybody.\n\nTopics:\n${topics.map((topic) => `  ${topic.padEnd(24)}${topicTitles[topic]}`).join('\n')}`)
    .argument('<kind>', kinds.join(', ')))
    .option('--name <name>', 'what it is called (default: its kind)')
    .option('--for <app>', 'of which app it hears (default: of all)')
    .option('--topics <list>', 'of what it hears, with commas between (default: of everything)')
    .option('--url-from <variable>', 'slack, webhook: the variable that holds its address')
    .option('--secret-from <variable>', 'webhook: the variable that holds whsec_…, with which it is signed (default: one is made, and printed once)')
    .option('--server-from <variable>', 'email: the variable that holds smtp://user:password@host:587, or smtps://…')
    .option('--from <address>', 'email: who writes')
    .option('--to <addresses>', 'email: who reads, with commas between')
    .option('--token-from <variable>', 'github: the variable that holds a token that may write commit statuses')
    .option('--repository <owner/name>', 'github: where the commits are')
    .option('--api-url <url>', 'github: where its API is, if not at github.com')
    .action(async (kind: string, options: AddOptions) => {
      const body = await channelIn(session, kindIn(kind), options)
      const made = await (await ensureApi(session)).call(contract.addChannel, { body })
      const secret = made.secret === undefined ? '' : `It is signed with this secret, which is not shown again: ${made.secret}\n`
      print(session, { json: options.json, value: made, text: `${made.name} is told from now on. To try it: plimsoll notify test ${JSON.stringify(made.name)}\n${secret}` })
    })
}

function printed(command: Command): Command {
  return command.option('--json', 'print it as one JSON value', false)
}

function kindIn(text: string): Kind {
  const kind = kinds.find((each) => each === text)
  if (kind !== undefined) return kind
  throw new PlimsollError('USAGE', `"${text}" is no kind of channel`, { hint: `One of: ${kinds.join(', ')}. As in: plimsoll notify add slack --url-from SLACK_URL` })
}

/** What is to be added, with every secret that is not in a variable asked for. Throws `USAGE` with all that is wrong. */
async function channelIn(session: Session, kind: Kind, options: AddOptions): Promise<NewChannel> {
  const { name = kind, for: app, topics: chosen, from, to, repository, apiUrl } = options
  const split = (list: string): string[] => list.split(',').map((each) => each.trim()).filter((each) => each !== '')
  const secrets = {
    slack: { url: options.urlFrom }, webhook: { url: options.urlFrom, ...(options.secretFrom !== undefined && { secret: options.secretFrom }) },
    email: { server: options.serverFrom }, github: { token: options.tokenFrom },
  }[kind]
  const way = { kind, ...(await secretsIn(session, secrets)), ...(from !== undefined && { from }), ...(to !== undefined && { to: split(to) }), ...(repository !== undefined && { repository }), ...(apiUrl !== undefined && { apiUrl }) }
  const read = newChannelSchema.safeParse({ name, way, ...(app !== undefined && { app }), ...(chosen !== undefined && { topics: split(chosen) }) })
  if (read.success) return read.data
  throw new PlimsollError('USAGE', `This channel is not complete: ${read.error.issues.map(({ path, message }) => `${path.filter((part) => part !== 'way').join('.')}: ${message}`).join('; ')}`, { hint: 'See what it needs: plimsoll notify add --help' })
}

async function secretsIn({ environment, input, out, interrupted }: Session, wanted: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>> {
  const held: Record<string, string> = {}
  for (const [part, variable] of Object.entries(wanted)) {
    if (variable === undefined) continue
    const value = environment[variable]
    if (value === undefined || value === '') throw new PlimsollError('USAGE', `${variable} is not set`, { hint: 'It is read from the environment of this command.' })
    held[part] = value
  }
  const asked = Object.keys(wanted).filter((part) => held[part] === undefined)
  if (asked.length === 0) return held
  if (!input.isTTY) throw new PlimsollError('USAGE', `Name the variable that holds its ${asked.join(' and its ')}`, { hint: `As in: plimsoll notify add slack --url-from SLACK_URL` })
  const typed = await askHidden({ input, out }, asked, interrupted)
  if (typed === undefined) throw new PlimsollError('INTERRUPTED', 'Stopped, before anything was changed')
  return { ...held, ...typed }
}

/** Throws `NOT_FOUND`, and `USAGE` for a name that two have. */
async function named(client: Client, wanted: string): Promise<Channel> {
  const channels = await client.call(contract.listChannels, {})
  const found = channels.filter(({ id, name }) => id === wanted || name === wanted)
  const [first] = found
  if (first === undefined) throw new PlimsollError('NOT_FOUND', `There is no channel ${wanted}`, { hint: 'See which there are: plimsoll notify list' })
  if (found.length > 1) throw new PlimsollError('USAGE', `${found.length} channels are called ${wanted}`, { hint: `Name it by its id: ${found.map(({ id }) => id).join(', ')}` })
  return first
}

function print({ out }: Session, { json, value, text }: Printed & { readonly value: unknown; readonly text: string }): void {
  out.write(json ? `${JSON.stringify(value)}\n` : fit(text, out.columns))
}
