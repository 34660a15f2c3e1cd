'use client'

import type { LogLine, Problem } from '@plimsoll/model'
import { useEffect, useReducer, useState } from 'react'
import { beginLogs, withLogEvent } from '../release/log-buffer.ts'
import { LogText } from './log-text.tsx'

/** What an app's instances print, as they print it; of all services, of one or of one `instance`, and standing still when asked. */
export function LiveLogs({ url, services, instance }: { url: string; services: readonly string[]; instance?: string }) {
  const [logs, tell] = useReducer(withLogEvent, undefined, beginLogs)
  const [only, setOnly] = useState('')
  useEffect(() => {
    const source = new EventSource(url)
    source.addEventListener('open', () => tell({ event: 'open' }))
    source.addEventListener('error', () => tell({ event: 'lost' }))
    source.addEventListener('line', (message: MessageEvent<string>) => tell({ event: 'line', data: JSON.parse(message.data) as LogLine }))
    source.addEventListener('problem', (message: MessageEvent<string>) => tell({ event: 'problem', data: JSON.parse(message.data) as Problem }))
    return () => source.close()
  }, [url])
  const lines = logs.shown.filter((line) => (only === '' || line.service === only) && (instance === undefined || line.instance === instance))
  const paused = logs.pausedAt !== undefined
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        {instance === undefined && (
          <label className="flex items-center gap-2 text-ink-soft">
            Service
            <select value={only} onChange={(event) => setOnly(event.target.value)} className="h-9 rounded-sm border border-line-strong bg-plate px-2 text-ink">
              <option value="">all</option>
              {services.map((service) => <option key={service}>{service}</option>)}
            </select>
          </label>
        )}
        <button type="button" aria-pressed={paused} onClick={() => tell({ event: paused ? 'follow' : 'pause' })} className="h-9 cursor-pointer rounded-sm border border-line-strong bg-plate px-3 hover:bg-well">
          {paused ? `Follow again${logs.held > 0 ? ` (${logs.held} new)` : ''}` : 'Pause'}
        </button>
        <p role="status" className="tnum text-[0.8125rem] text-ink-faint">{statusOf(logs.connection, logs.problem)}</p>
      </div>
      {lines.length > 0
        ? <LogText lines={lines} label="Logs" className="h-[28rem]" />
        : <p className="h-[28rem] rounded-sm border border-line bg-well px-3 py-2 text-ink-faint">Nothing printed yet.</p>}
    </div>
  )
}

function statusOf(connection: 'connecting' | 'open' | 'lost', problem: Problem | undefined): string {
  if (problem !== undefined) return `${problem.message}. Trying again.`
  return { connecting: 'Connecting', open: 'Following', lost: 'Connection lost. Trying again.' }[connection]
}
