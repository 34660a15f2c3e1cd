import { randomBytes, randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyIdOf, seal, unseal, type SecretPlace } from './envelope.ts'
import { newSecretKey, secretKeysIn } from './secret-key.ts'

const key = newSecretKey()
const place: SecretPlace = ['kept_values', 'shop', 'api/STRIPE_KEY']

/** Of every length up to a few hundred bytes, also none, in every script. */
const texts = ['', 'x', 'geheim', '🔑 clé', '\u{10FFFF}\n\r\t"', ...Array.from({ length: 60 }, () => randomBytes(randomInt(400)).toString('utf8'))]

test('what was sealed opens as it was, in its place and with its key', () => {
  for (const text of texts) expect(unseal(key, place, seal(key, place, text))).toBe(text)
})

test('an envelope shows nothing of what is in it but its length, and no two are alike', () => {
  const secret = 'sk_live_0123456789abcdef'
  const [one, two] = [seal(key, place, secret), seal(key, place, secret)]
  for (const form of ['latin1', 'hex', 'base64'] as const) expect(one.toString(form)).not.toContain(Buffer.from(secret).toString(form).slice(0, 12))
  expect(one.subarray(9).equals(two.subarray(9))).toBe(false)
  expect(one).toHaveLength(1 + 8 + 12 + secret.length + 16)
})

test('an envelope with any bit of any byte changed does not open, nor one that was cut or made longer', () => {
  const envelope = seal(key, place, 'a secret')
  for (let at = 0; at < envelope.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const changed = Buffer.from(envelope)
      changed[at] = (envelope[at] ?? 0) ^ (1 << bit)
      expect(unseal(key, place, changed), `byte ${at}, bit ${bit}`).toBeUndefined()
    }
    expect(unseal(key, place, envelope.subarray(0, at)), `cut after ${at}`).toBeUndefined()
  }
  expect(unseal(key, place, Buffer.concat([envelope, Buffer.of(0)]))).toBeUndefined()
})

test.each<[string, SecretPlace]>([
  ['another app', ['kept_values', 'blog', 'api/STRIPE_KEY']],
  ['another key of the same app', ['kept_values', 'shop', 'api/OTHER']],
  ['another table', ['databases', 'shop', 'api/STRIPE_KEY']],
  ['a place that is written alike', ['kept_values', 'shop","api/STRIPE_KEY']],
  ['a place that says less', ['kept_values', 'shop']],
])('an envelope that was moved to %s does not open', (_, elsewhere) => {
  expect(unseal(key, elsewhere, seal(key, place, 'a secret'))).toBeUndefined()
})

test('an envelope opens with no other key, also where it names that one', () => {
  const other = newSecretKey()
  const envelope = seal(key, place, 'a secret')
  expect(unseal(other, place, envelope)).toBeUndefined()
  Buffer.from(other.id, 'hex').copy(envelope, 1)
  expect(keyIdOf(envelope)).toBe(other.id)
  expect(unseal(other, place, envelope)).toBeUndefined()
})

test('a key is known by the same name wherever it is given, and a text with anything but keys is refused whole', () => {
  const [one, two] = [newSecretKey(), newSecretKey()]
  expect(secretKeysIn(`${one.text}\n${two.text}\n`)?.map(({ id }) => id)).toEqual([one.id, two.id])
  expect(secretKeysIn(Buffer.from(one.text, 'base64').toString('base64url'))?.[0].id).toBe(one.id)
  for (const text of ['', '\n', 'secret', `${one.text}\nsecret`, one.text.slice(4), `${one.text}AAAA`, randomBytes(16).toString('base64')]) expect(secretKeysIn(text)).toBeUndefined()
})
