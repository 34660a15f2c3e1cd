import type { Notice, Verification } from '@plimsoll/model'
import { markup, type Markup } from '../markup.ts'
import { mark, type Tone } from './tones.ts'

/** What was asked, byte for byte: only this may be released for it. */
export function artifactsSection({ artifacts }: Verification): Markup {
  if (artifacts.length === 0) return markup`<section aria-labelledby="artifacts"><h2 id="artifacts">Artifacts</h2><div class="plate unasked"><p class="row-head">${mark('quiet')}<strong>None was built</strong><span class="row-words">So none may be released for it</span></p></div></section>`
  return markup`<section aria-labelledby="artifacts"><h2 id="artifacts">Artifacts</h2><div class="plate"><div class="scroll" tabindex="0" role="group" aria-label="Artifacts"><table><thead><tr><th scope="col">Service</th><th scope="col">Digest</th><th scope="col">Size</th></tr></thead><tbody>${artifacts.map(({ service, digest, sizeBytes, image }) => markup`<tr><td>${service}</td><td><code>${digest}</code>${image === undefined ? undefined : markup`<br><code>${image}</code>`}</td><td class="took">${(sizeBytes / 1_000_000).toFixed(1)} MB</td></tr>`)}</tbody></table></div></div></section>`
}

const noticeWords: Readonly<Record<Notice['is'], { readonly tone: Tone; readonly word: string }>> = {
  delivered: { tone: 'good', word: 'Delivered' }, undelivered: { tone: 'bad', word: 'Not delivered' }, closed: { tone: 'warn', word: 'Closed by its receiver' }, unsent: { tone: 'quiet', word: 'Not sent' },
}

/** Who was told, and who was not: a message that did not arrive is never silent. */
export function noticesSection({ notices }: Verification): Markup | undefined {
  if (notices === undefined || notices.length === 0) return undefined
  return markup`<section aria-labelledby="notices"><h2 id="notices">Who was told</h2><ul class="plate rows">${notices.map(({ channel, to, is, tries, why }) => {
    const { tone, word } = noticeWords[is]
    return markup`<li class="row">${mark(tone)}<div class="row-body"><p>${channel} <span class="service">${to}</span></p>${why === undefined ? undefined : markup`<p class="row-finding">${why}</p>`}</div><p class="row-end"><span data-tone="${tone}">${word}</span>${tries > 1 ? markup`<br>${tries} tries` : undefined}</p></li>`
  })}</ul></section>`
}
