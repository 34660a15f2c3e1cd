'use client'

import { useActionState } from 'react'
import { type FormAnswer, writeReview } from './actions'

export interface ReviewFormProps {
  readonly slug: string
  readonly idempotencyKey: string
}

const START: FormAnswer = { status: 'idle', message: '' }

export function ReviewForm({ slug, idempotencyKey }: ReviewFormProps) {
  const [answer, action, pending] = useActionState(writeReview, START)
  return (
    <form action={action} className="space-y-4 self-start rounded-2xl border border-line bg-card p-6">
      <h3 className="text-xl">Write an entry</h3>
      <input type="hidden" name="slug" value={slug} />
      <input type="hidden" name="key" value={idempotencyKey} />
      <div className="grid gap-4 sm:grid-cols-[1fr_8rem]">
        <label className="grid content-start gap-1.5 text-sm">
          <span className="font-medium">Name</span>
          <input name="author" required maxLength={60} autoComplete="given-name" className="field" />
        </label>
        <label className="grid content-start gap-1.5 text-sm">
          <span className="font-medium">Stars</span>
          <select name="rating" defaultValue="5" className="field">
            {[5, 4, 3, 2, 1].map((rating) => (
              <option key={rating}>{rating}</option>
            ))}
          </select>
        </label>
      </div>
      <label className="grid content-start gap-1.5 text-sm">
        <span className="font-medium">How did it do?</span>
        <textarea name="body" required maxLength={2000} rows={3} className="field" />
      </label>
      <div className="flex flex-wrap items-center gap-4">
        <button type="submit" className="button" disabled={pending}>
          {pending ? 'Posting…' : 'Post'}
        </button>
        <p role="status" className={`text-sm ${answer.status === 'failed' ? 'text-accent' : 'text-good'}`}>
          {pending ? '' : answer.message}
        </p>
      </div>
    </form>
  )
}
