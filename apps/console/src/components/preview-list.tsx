import type { Preview } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { endPreview, keepPreview } from '../server/manage-previews.ts'
import { previewEnd, previewSource, previewWords } from '../words/preview-words.ts'
import { ConfirmAction } from './confirm-action.tsx'
import { Moment } from './moment.tsx'
import { ToneLabel } from './tone-label.tsx'

/** Throw-away apps: where each is reached, what it shows, and when it ends. */
export function PreviewList({ previews, now, maySteer }: { previews: readonly Preview[]; now: number; maySteer: boolean }) {
  return <ul className="divide-y divide-line">{previews.map((preview) => <PreviewRow key={preview.app} preview={preview} now={now} maySteer={maySteer} />)}</ul>
}

function PreviewRow({ preview, now, maySteer }: { preview: Preview; now: number; maySteer: boolean }) {
  const { app, of, state, commit, addresses, why, updatedAt, expiresAt } = preview
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-3"><Link href={paths.app(app)} className="truncate font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current">{app}</Link><ToneLabel words={previewWords[state]} /></p>
        <p className="break-words text-[0.8125rem] text-ink-soft">{previewSource(preview)}{commit !== null && <> · commit <span className="tnum">{commit.slice(0, 7)}</span></>} · <Moment at={updatedAt} now={now} /> · {previewEnd(preview, now)}</p>
        {addresses.length > 0 && (
          <ul className="mt-1 flex flex-wrap gap-x-4 text-[0.8125rem]">
            {addresses.map(({ service, url }) => <li key={service}>{service} <a href={url} className="underline decoration-line-strong underline-offset-4 hover:decoration-current">{url}</a></li>)}
          </ul>
        )}
        {why !== null && <p className="mt-1 break-words text-[0.8125rem] text-bad">{why}</p>}
      </div>
      {maySteer && state !== 'ending' && (
        <div className="contents">
          {expiresAt !== null && <ConfirmAction label="Keep" title={`Keep ${app}?`} confirm="Keep it" action={keepPreview.bind(null, of, app)} consequences={['It does not end by itself any more.', 'It ends when its pull request is closed, or when somebody ends it.']} />}
          <ConfirmAction label="End" danger title={`End ${app}?`} confirm={`End ${app}`} action={endPreview.bind(null, of, app)} consequences={['Its services stop, and its databases and values are gone for ever.', `Nothing of ${of} is touched.`]} />
        </div>
      )}
    </li>
  )
}
