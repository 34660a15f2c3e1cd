import { Fragment } from 'react'
import type { TimelineStep } from '../release/timeline.ts'
import { crossingOf, progressWords, stepTime } from '../words/step-progress.ts'
import type { Tone } from '../words/tone.ts'
import { LoadLine } from './load-line.tsx'
import { StepMarker } from './step-marker.tsx'
import { inkOf } from './tone-classes.ts'

interface Shown {
  readonly steps: readonly TimelineStep[]
  readonly now: number
  readonly chosen: string | undefined
  readonly onChoose: (step: string) => void
}

/** The pipeline of a release, top to bottom, with the load line where users move. */
export function Timeline({ steps, now, chosen, onChoose }: Shown) {
  return (
    <ol aria-label="Steps" className="relative">
      {steps.map((step, i) => (
        <Fragment key={step.name}>
          {step.moment === 'switch' && <WaterLine {...crossingOf(step)} />}
          <li aria-current={step.progress === 'running' ? 'step' : undefined} className="relative">
            {i < steps.length - 1 && <span aria-hidden="true" className="absolute top-7 bottom-[-0.5rem] left-[1.1875rem] w-px bg-line" />}
            <button
              type="button"
              aria-pressed={chosen === step.name}
              onClick={() => onChoose(step.name)}
              className="flex min-h-11 w-full cursor-pointer items-start gap-3 rounded-sm px-2.5 py-1.5 text-left hover:bg-well aria-pressed:bg-well"
            >
              <span className="relative z-10 mt-0.5 rounded-full bg-plate"><StepMarker step={step} /></span>
              <span className="min-w-0 grow">
                <span className={step.progress === 'waiting' || step.progress === 'not-needed' ? 'text-ink-faint' : 'font-medium'}>{step.title}</span>
                <span className={`block text-[0.8125rem] leading-5 break-words empty:hidden ${wordsInk(step)}`}>{step.progress === 'not-needed' ? <span className="sr-only">not reached</span> : progressWords(step)}</span>
              </span>
              <span className="tnum mt-px shrink-0 text-[0.8125rem] text-ink-soft">{stepTime(step, now)}</span>
            </button>
          </li>
        </Fragment>
      ))}
    </ol>
  )
}

function WaterLine({ words, tone }: { words: string; tone: Tone }) {
  return (
    <li className={`relative z-10 my-1.5 flex items-center gap-3 pl-2.5 text-[0.8125rem] ${inkOf[tone]}`}>
      <span className="bg-plate"><LoadLine className="size-5" /></span>
      <span className="whitespace-nowrap">{words}</span>
      <span aria-hidden="true" className="h-px grow bg-current opacity-50" />
    </li>
  )
}

function wordsInk({ progress, undo }: TimelineStep): string {
  if (undo === 'undo-failed' || progress === 'failed') return 'text-bad'
  if (undo !== undefined) return 'text-warn'
  return progress === 'running' ? 'text-busy' : 'text-ink-faint'
}
