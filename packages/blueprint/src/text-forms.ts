import { isIP } from 'node:net'
import { faultOfSchedule } from './cron-schedule.ts'
import type { TextForm } from './shape.ts'

/** What a text must be, where more is asked than that it is text. */
export const absolutePath: TextForm = {
  says: 'start with "/"',
  hint: 'write the path as a browser asks for it, e.g. /healthz',
  test: (path) => path.startsWith('/'),
}

export const named: TextForm = {
  says: 'not be blank',
  hint: 'give it a name',
  test: (name) => name.trim() !== '',
}

export const insideRepository: TextForm = {
  says: 'stay inside the repository',
  hint: 'write a path relative to the root of the repository, e.g. apps/api',
  test: (path) => !path.split('/').reduce(descend, { depth: 0, left: false }).left,
}

function descend(so: { depth: number; left: boolean }, step: string): { depth: number; left: boolean } {
  const depth = step === '..' ? so.depth - 1 : step === '.' || step === '' ? so.depth : so.depth + 1
  return { depth, left: so.left || depth < 0 }
}

export const variableName: TextForm = {
  says: 'be a name that an environment can hold',
  hint: 'use letters, digits and underscores, e.g. DATABASE_URL',
  test: (key) => /^[A-Za-z_.-][A-Za-z0-9_.-]*$/.test(key),
}

export const schedule: TextForm = {
  says: 'be a cron expression of five fields in UTC',
  hint: 'e.g. "*/15 * * * *" for every quarter of an hour, "0 3 * * *" for three at night',
  test: (text) => faultOfSchedule(text) === undefined,
}

export const absoluteUrl: TextForm = {
  says: 'be an absolute URL',
  hint: 'begin with https://',
  test: (url) => URL.canParse(url) && /^https?:/.test(url),
}

export const addressBlock: TextForm = {
  says: 'be an IP address or a block of addresses',
  hint: 'e.g. 203.0.113.7, 203.0.113.0/24, or 0.0.0.0/0 for everyone',
  test: isAddressBlock,
}

export const routeSource: TextForm = {
  says: 'be a path that starts with "/", not a URL',
  hint: 'e.g. /* or /blog/:slug',
  test: (source) => source.startsWith('/'),
}

function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.trim().split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
