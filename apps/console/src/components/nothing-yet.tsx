import { contract } from '@plimsoll/model'
import { askApi } from '../server/ask-api.ts'
import { releaseSample } from '../server/release-sample.ts'
import { looksAs } from '../server/who-looks.ts'
import { Command } from './command.tsx'
import { ProblemForm } from './problem-form.tsx'

/** What to do while there is no app: one button for who may, and what to type. */
export async function NothingYet() {
  const [sample, mayRelease] = await Promise.all([askApi(contract.describeSample, {}), looksAs('admin')])
  const offered = mayRelease && sample.is === 'answer' && sample.value.isThere ? sample.value.app : undefined
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Nothing has been released yet</h1>
      {offered !== undefined && (
        <div className="mt-4 max-w-2xl">
          <p className="mb-4 text-ink-soft">To look around, release the sample: a small shop with pages, an API, a worker, a cron job and a database. It is built on this machine and serves nobody but it, and <span className="font-mono text-[0.875rem]">plimsoll down --app {offered}</span> takes it away again.</p>
          <ProblemForm action={releaseSample} submit={`Release the sample ${offered}`} />
        </div>
      )}
      <p className="mt-6 text-ink-soft">{offered !== undefined ? 'Or in a repository' : 'In a repository'} that has a <code className="font-mono text-[0.9em]">render.yaml</code>, type</p>
      <p className="mt-3"><Command>plimsoll up</Command></p>
      <p className="mt-3 text-ink-soft">The app shows up here by itself.</p>
    </>
  )
}
