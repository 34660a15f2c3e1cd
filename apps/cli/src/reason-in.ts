import { PlimsollError } from '@plimsoll/model'

/** Why a release is not proven, as it was typed. Throws `USAGE` for one that would tell nobody anything. */
export function reasonIn(text: string | undefined): string | undefined {
  if (text === undefined || text.trim().length >= 3) return text?.trim().slice(0, 500)
  throw new PlimsollError('USAGE', 'A release that is not proven says why, for whoever reads of it later', { hint: 'Write a few words, as in: --skip-verify "hotfix, verified by hand in staging"' })
}
