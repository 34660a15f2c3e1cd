import type { Verification } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { hostile } from '../../test/hostile.ts'
import { asked, blockedVerification, verification } from '../../test/sample-verification.ts'
import { channelsSchema } from './channels.ts'
import { commitStatus } from './commit-status.ts'
import { mailMessage } from './mail-message.ts'
import { turnOf, verificationMessage } from './verification-message.ts'
import { slackMessage } from './slack-message.ts'
import { webhookBody } from './webhook-body.ts'

const large = blockedVerification({ suites: [], checks: Array.from({ length: 60 }, (_, i) => asked(`web.check${i}`, 'web', { title: hostile.repeat(3), answers: [{ is: 'fail', finding: hostile.repeat(9), hint: '&<>'.repeat(900) }] })) })

test.each<[Verification['state'] | undefined, Verification['state'], string | undefined]>([
  [undefined, 'passed', undefined], [undefined, 'blocked', 'blocked'], [undefined, 'unsure', 'unsure'],
  ['passed', 'blocked', 'blocked'], ['blocked', 'passed', 'recovered'], ['unsure', 'passed', 'recovered'], ['blocked', 'unsure', 'unsure'], ['unsure', 'blocked', 'blocked'],
  ['passed', 'passed', undefined], ['blocked', 'blocked', undefined], ['passed', 'interrupted', undefined], ['passed', 'running', undefined],
])('from %s to %s, the news is %s', (previous, state, turn) => {
  expect(turnOf(previous, state)).toBe(turn)
})

test('what recovered is told as that, without old causes', () => {
  const news = verificationMessage(verification(), 'recovered', undefined)
  expect(news.headline).toBe('storefront has recovered: it may be released again.')
  expect(JSON.stringify(slackMessage(verificationMessage(blockedVerification(), 'recovered', undefined)))).not.toContain('api exited')
})

interface SlackText { readonly text: string }
interface SlackMessage { readonly text: string; readonly blocks: readonly { readonly type: string; readonly text?: SlackText; readonly elements?: readonly SlackText[] }[] }

test('a Slack message keeps the limits of Slack whatever was found, and mentions nobody', () => {
  const message = slackMessage(verificationMessage(large, 'blocked', 'https://ci.example/run/7?a=1&b=<2>|x')) as SlackMessage
  const texts = message.blocks.flatMap(({ text, elements = [] }) => [text, ...elements].flatMap((each) => each?.text ?? []))
  expect(message.blocks.length).toBeLessThanOrEqual(50)
  expect(message.blocks[0]?.text?.text.length).toBeLessThanOrEqual(150)
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(3000)
  expect(texts.join('').length).toBeLessThan(13_000)
  const outside = texts.slice(1).join('\n').replace('<https://ci.example/run/7?a=1&amp;b=&lt;2&gt;%7Cx|The whole report>', '')
  expect(outside).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
  expect(texts).toContain('And 50 more.')
  expect(message.text).not.toBe('')
})

test('a webhook stays under 20 kB whatever was found', () => {
  const body = webhookBody(verificationMessage(large, 'blocked', 'https://ci.example/run/7'))
  expect(Buffer.byteLength(body)).toBeLessThan(20_000)
  expect(JSON.parse(body)).toMatchObject({ data: { blocking: { count: 60 } } })
})

test('a mail holds no markup and no header of what was printed', () => {
  const { subject, html, text } = mailMessage(verificationMessage(large, 'blocked', undefined), { from: 'a@example.org', to: ['b@example.org'] })
  expect(html).not.toMatch(/<script|<img/)
  for (const each of [subject, html, text]) for (const unseen of ['\u001B', '\u0007', '\u202E']) expect(each).not.toContain(unseen)
  expect(subject).not.toContain('\n')
})

test('the description of a commit status has at most 140 characters', () => {
  const { description } = JSON.parse(commitStatus(verificationMessage(verification({ app: `a${'b'.repeat(60)}c`, state: 'unsure' }), undefined, undefined))) as { description: string }
  expect(description.length).toBeLessThanOrEqual(140)
})

test('settings name variables and hold no secret', () => {
  expect(channelsSchema.safeParse({ slack: { url: 'https://hooks.slack.com/services/T/B/x' } }).success).toBe(false)
  expect(channelsSchema.safeParse({ slack: { urlFrom: 'https://hooks.slack.com/services/T/B/x' } }).error?.issues[0]?.message).toBe('must be the name of an environment variable')
  expect(channelsSchema.parse({ github: {} })).toEqual({ github: { tokenFrom: 'GITHUB_TOKEN', context: 'plimsoll verify' } })
  expect(channelsSchema.safeParse({}).success).toBe(true)
})
