import type { TimelineStep } from '../release/timeline.ts'
import { LoadLine } from './load-line.tsx'

/** How far a step is, as a shape. The words beside it say the same. */
export function StepMarker({ step }: { step: TimelineStep }) {
  if (step.undo === 'undoing' || (step.progress === 'running' && step.undo === undefined)) return <LoadLine moving className={`size-5 ${step.undo === 'undoing' ? 'text-warn' : 'text-busy'}`} />
  return (
    <svg viewBox="0 0 20 20" className={`size-5 ${inkFor(step)}`} fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {shapeFor(step)}
    </svg>
  )
}

function shapeFor({ progress, undo }: TimelineStep) {
  if (undo === 'undo-failed' || progress === 'failed') return <><circle cx="10" cy="10" r="7" /><path d="m7.5 7.5 5 5m0-5-5 5" /></>
  if (undo === 'undone') return <><circle cx="10" cy="10" r="7" /><path d="M13 11.5c-.3-2-1.600-3-3.200-3H7m1.800-2L6.800 8.500l2 2" /></>
  if (progress === 'done') return <><circle cx="10" cy="10" r="7" fill="currentColor" /><path d="m7 10.200 2.100 2.100L13 8.200" stroke="var(--plate)" /></>
  return <circle cx="10" cy="10" r={progress === 'waiting' ? 4 : 2} />
}

function inkFor({ progress, undo }: TimelineStep): string {
  if (undo === 'undo-failed' || progress === 'failed') return 'text-bad'
  if (undo === 'undone') return 'text-warn'
  return progress === 'done' ? 'text-good' : 'text-line-strong'
}
