import type { WriteStream } from 'node:tty'
import { titleOf } from '../crash/crash-case.ts'
import type { SoakListener } from './run-soak.ts'
import type { SoakResult } from './soak-result.ts'

export interface SoakScreen extends SoakListener {
  /** A line for people: beside JSON it goes to nobody's parser, but to standard error. */
  say(line: string): void
}

/** On a terminal one line that lives, and what went wrong; else one line a release, as JSON where asked for. */
export function createSoakScreen(out: WriteStream, { json, releases }: { readonly json: boolean; readonly releases: number }): SoakScreen {
  const isLive = out.isTTY && !json
  const total = { lost: 0, untruths: 0, wrong: 0 }
  const clear = isLive ? '\r\u001B[K' : ''
  return {
    say: (line) => (json ? console.error(line) : void out.write(`${clear}${line}\n`)),
    began(one, at) {
      if (!isLive) return
      const line = `${at + 1}/${releases}  lost ${total.lost}, untruthful ${total.untruths}, wrong ${total.wrong}  ${titleOf(one)} …`
      out.write(`${clear}${line.slice(0, out.columns - 1)}`)
    },
    ended(result, at) {
      total.lost += result.lost.length
      total.untruths += result.untruths.length
      total.wrong += result.wrong.length
      const faults = [...result.lost, ...result.untruths, ...result.wrong]
      if (json) out.write(`${JSON.stringify({ at: at + 1, of: releases, is: titleOf(result.case), ...result })}\n`)
      else if (!isLive || faults.length > 0) out.write(`${clear}${lineOf(result, at)}\n${faults.map((fault) => `  ✗ ${fault}\n`).join('')}`)
    },
  }
}

function lineOf({ case: one, outcome, from, to, arrived, spilled, sizes }: SoakResult, at: number): string {
  const large = sizes.map(({ role, megabytes, files }) => `, ${role} ${megabytes} MB and ${files} files`).join('')
  return `${at + 1}  ${titleOf(one)} → ${outcome}, ${((to - from) / 1000).toFixed(1)} s, ${arrived} requests${spilled > 0 ? `, ${spilled} went with what was killed` : ''}${large}`
}
