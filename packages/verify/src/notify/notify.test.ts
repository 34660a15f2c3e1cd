import { createHmac } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verification } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { httpReceiver, mailReceiver, quickClock, type QuickClock } from '../../test/receivers.ts'
import { blockedVerification, verification } from '../../test/sample-verification.ts'
import { channelsSchema } from './channels.ts'
import { closedReceiversIn } from './closed-receivers.ts'
import { notify } from './notify.ts'

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
const next = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
let directory: string
beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'plimsoll-notify-')) })
afterEach(() => rm(directory, { recursive: true }))

interface Telling {
  readonly of?: Verification
  readonly previous?: Verification['state']
  readonly clock?: QuickClock
  readonly redact?: (text: string) => string
  readonly signal?: AbortSignal
}

function tell(channels: object, environment: Record<string, string>, { of = blockedVerification(), previous = 'passed', clock = quickClock(), redact = (text: string) => text, signal = new AbortController().signal }: Telling = {}) {
  return notify({ channels: channelsSchema.parse(channels), verification: of, previous, link: 'https://ci.example/run/7' }, { environment, clock, redact, closed: closedReceiversIn(join(directory, 'closed.json')) }, signal)
}
const slack = { slack: { urlFrom: 'SLACK' } }
const webhooks = { webhooks: [{ urlFrom: 'HOOK', secretFrom: 'HOOK_SECRET' }] }
const email = { email: { serverFrom: 'SMTP', from: 'plimsoll@example.org', to: ['team@example.org', 'lead@example.org'] } }

test('Slack is told once of a change, and hears nothing of the same again', async () => {
  await using receiver = await httpReceiver([{ status: 200, body: 'ok' }])
  expect(await tell(slack, { SLACK: receiver.url })).toEqual([{ channel: 'slack', to: new URL(receiver.url).host, is: 'delivered', tries: 1 }])
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ text: 'Do not release storefront: 3 checks block it.' })
  expect(await tell(slack, { SLACK: receiver.url }, { previous: 'blocked' })).toEqual([])
  expect(receiver.received).toHaveLength(1)
})

test('a receiver that asks to wait is tried again after as long as it asked, in either form', async () => {
  const clock = quickClock()
  await using receiver = await httpReceiver([{ status: 429, headers: { 'retry-after': '7' } }, { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 12:00:16 GMT' } }, { status: 204 }])
  expect(await tell(slack, { SLACK: receiver.url }, { clock })).toMatchObject([{ is: 'delivered', tries: 3 }])
  expect(clock.pauses).toEqual([7_000, 9_000])
})

test('a receiver that asks for more than a minute is not waited for, and the reason is told', async () => {
  await using receiver = await httpReceiver([{ status: 429, headers: { 'retry-after': '3600' }, body: 'slow down' }])
  expect(await tell(slack, { SLACK: receiver.url })).toMatchObject([{ is: 'undelivered', tries: 1, why: 'it answered 429: slow down, and asked to wait 3600 s' }])
})

test('a receiver that fails is tried four times with growing pauses', async () => {
  const clock = quickClock()
  await using receiver = await httpReceiver([{ status: 500 }])
  expect(await tell(slack, { SLACK: receiver.url }, { clock })).toMatchObject([{ is: 'undelivered', tries: 4, why: 'it answered 500 (4 tries)' }])
  expect(clock.pauses).toEqual([1_000, 4_000, 10_000])
  expect(receiver.received).toHaveLength(4)
})

test('a receiver that never answers holds nobody up for longer than a minute', async () => {
  const clock = quickClock()
  const began = clock.now()
  await using receiver = await httpReceiver(['hang'], () => clock.expire())
  expect(await tell(slack, { SLACK: receiver.url }, { clock })).toMatchObject([{ is: 'undelivered', tries: 3, why: 'there was no answer within 15 s (3 tries)' }])
  expect(clock.now() - began).toBeLessThanOrEqual(60_000)
})

test('what a receiver will not take is not sent again, and a redirect is not followed', async () => {
  await using refuses = await httpReceiver([{ status: 404, body: 'no_service' }])
  await using elsewhere = await httpReceiver([{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }])
  expect(await tell(slack, { SLACK: refuses.url })).toMatchObject([{ is: 'undelivered', tries: 1, why: 'it answered 404: no_service' }])
  expect(await tell(slack, { SLACK: elsewhere.url })).toMatchObject([{ is: 'undelivered', tries: 1, why: 'it answered 302' }])
})

test('a receiver that answers 410 is closed, says so each time, and is never asked again', async () => {
  await using receiver = await httpReceiver([{ status: 410 }])
  const environment = { HOOK: receiver.url, HOOK_SECRET: secret }
  expect(await tell(webhooks, environment)).toMatchObject([{ channel: 'webhook', is: 'closed', tries: 1 }])
  const [again] = await tell(webhooks, environment)
  expect(again).toMatchObject({ is: 'closed', tries: 0 })
  expect(again?.why).toContain('it said on 2026-01-01T12:00:00.000Z that it wants no more; to try again: rm ')
  expect(receiver.received).toHaveLength(1)
  expect(await readFile(join(directory, 'closed.json'), 'utf8')).not.toContain('secret-path')
})

test('a webhook is signed with every secret, its id stays over all tries, and its time is that of the try', async () => {
  await using receiver = await httpReceiver([{ status: 502 }, { status: 200 }])
  expect(await tell(webhooks, { HOOK: receiver.url, HOOK_SECRET: `${secret} ${next}` })).toMatchObject([{ is: 'delivered', tries: 2 }])
  const [first, second] = receiver.received
  expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id'])
  expect(Number(second?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp'])).toBe(1)
  for (const { headers, body } of receiver.received) {
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
    expect(headers['webhook-signature']).toBe([7, 9].map((byte) => `v1,${createHmac('sha256', Buffer.alloc(byte === 7 ? 24 : 32, byte)).update(signed).digest('base64')}`).join(' '))
    expect(JSON.parse(body)).toMatchObject({ type: 'verification.blocked', data: { app: 'storefront', blocking: { count: 3 }, link: 'https://ci.example/run/7' } })
  }
})

test('a mail arrives as text and HTML, in the thread of its app, and answers no machine', async () => {
  await using receiver = await mailReceiver()
  expect(await tell(email, { SMTP: receiver.url })).toEqual([{ channel: 'email', to: 'team@example.org, lead@example.org', is: 'delivered', tries: 1 }])
  const mail = (receiver.mails[0] ?? '').replace(/=\r?\n/g, '')
  expect(mail).toContain('Subject: Do not release storefront: 3 checks block it.')
  expect(mail).toContain('Message-ID: <verify.storefront.7k2m9q4x@example.org>')
  expect(mail).toContain('References: <verify.storefront@example.org>')
  expect(mail).toContain('Auto-Submitted: auto-generated')
  expect(mail).toMatch(/text\/plain[^]*Every service starts with its own startCommand[^]*text\/html/)
})

test('a mail server that is busy is tried again, and one that refuses is not', async () => {
  await using busy = await mailReceiver([451, 451])
  expect(await tell(email, { SMTP: busy.url })).toMatchObject([{ is: 'delivered', tries: 2 }])
  await using refuses = await mailReceiver([550, 550])
  const [notice] = await tell(email, { SMTP: refuses.url })
  expect(notice).toMatchObject({ is: 'undelivered', tries: 1 })
  expect(notice?.why).toContain('550')
  expect(refuses.mails).toEqual([])
})

test('a mail server that says nothing holds nobody up', async () => {
  const clock = quickClock()
  await using receiver = await mailReceiver([], { greets: false, onConnect: () => clock.expire() })
  expect(await tell(email, { SMTP: receiver.url }, { clock })).toMatchObject([{ is: 'undelivered', tries: 3, why: 'there was no answer within 15 s (3 tries)' }])
})

test('a commit has its status each time, also when nothing changed', async () => {
  await using receiver = await httpReceiver([{ status: 201 }])
  const github = { github: { apiUrl: new URL('/api/v3/', receiver.url).href } }
  const environment = { GITHUB_TOKEN: 'ghs_token', GITHUB_REPOSITORY: 'shop/storefront' }
  expect(await tell(github, environment, { of: verification(), previous: 'passed' })).toEqual([{ channel: 'github', to: 'shop/storefront', is: 'delivered', tries: 1 }])
  await tell(github, environment, { previous: 'blocked' })
  expect(receiver.received.map(({ path, headers, body }) => [path, headers.authorization, JSON.parse(body)])).toMatchObject([
    ['/api/v3/repos/shop/storefront/statuses/6f61611aa0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5', 'Bearer ghs_token', { state: 'success', context: 'plimsoll verify', target_url: 'https://ci.example/run/7' }],
    [expect.anything(), 'Bearer ghs_token', { state: 'failure' }],
  ])
  const { source } = verification()
  expect(await tell(github, environment, { of: verification({ source: { ...source, dirty: true } }) })).toMatchObject([{ is: 'unsent', tries: 0, why: 'what was verified is not 6f61611: files differed from it' }])
})

test('one channel that fails keeps no other from its message, and what is missing is named', async () => {
  await using receiver = await httpReceiver([{ status: 200 }])
  const notices = await tell({ ...slack, ...email, ...webhooks, github: {} }, { SLACK: receiver.url, SMTP: 'http://x', HOOK: 'nowhere', HOOK_SECRET: secret })
  expect(notices.map(({ channel, is, why }) => [channel, is, why])).toEqual([
    ['slack', 'delivered', undefined], ['email', 'undelivered', 'SMTP holds no address like smtp://user:password@host:587'], ['webhook', 'undelivered', 'HOOK holds no address'], ['github', 'undelivered', 'GITHUB_TOKEN is not set'],
  ])
  expect(await tell(webhooks, { HOOK: receiver.url, HOOK_SECRET: 'whsec_short' })).toMatchObject([{ why: 'HOOK_SECRET holds no secret: whsec_ and the Base64 of 24 to 64 bytes' }])
})

test('no secret is sent, and none is in the reason why nothing was', async () => {
  await using receiver = await httpReceiver([{ status: 400, body: 'bad token ghs_token-123' }])
  const [notice] = await tell({ github: { apiUrl: receiver.url, repository: 'shop/storefront' } }, { GITHUB_TOKEN: 'ghs_token-123' })
  expect(notice?.why).toBe('it answered 400: bad token [secret]')
  const of = verification({ state: 'blocked', problem: { code: 'BUG', message: 'hunter2 leaked' } })
  await tell(slack, { SLACK: receiver.url }, { of, redact: (text) => text.replaceAll('hunter2', '[secret]') })
  expect(receiver.received[1]?.body).not.toContain('hunter2')
})

test('who interrupts it is not made to wait', async () => {
  const stop = new AbortController()
  await using receiver = await httpReceiver(['hang'], () => stop.abort(new Error('stopped')))
  expect(await tell(slack, { SLACK: receiver.url }, { signal: stop.signal })).toMatchObject([{ is: 'undelivered', tries: 1, why: 'it was interrupted' }])
})
