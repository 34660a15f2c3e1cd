'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'

// Most visitors open neither: both stay out of the page's script until they are asked for.
const ZoomDialog = dynamic(() => import('./zoom-dialog').then((module) => module.ZoomDialog))
const SizeGuide = dynamic(() => import('./size-guide').then((module) => module.SizeGuide))

export interface ZoomButtonProps {
  readonly src: string
  readonly name: string
}

export function ZoomButton({ src, name }: ZoomButtonProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="absolute right-4 bottom-4 rounded-full bg-paper/85 px-4 py-2 text-sm font-medium backdrop-blur transition-colors hover:bg-paper"
      >
        Look closer
      </button>
      {open && <ZoomDialog src={src} name={name} onClose={() => setOpen(false)} />}
    </>
  )
}

export function SizeGuideButton() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)} className="text-link text-sm">
        Size guide
      </button>
      {open && <SizeGuide onClose={() => setOpen(false)} />}
    </>
  )
}
