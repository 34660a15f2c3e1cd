'use client'

import Image from 'next/image'
import { Dialog } from './dialog'

export interface ZoomDialogProps {
  readonly src: string
  readonly name: string
  readonly onClose: () => void
}

export function ZoomDialog({ src, name, onClose }: ZoomDialogProps) {
  return (
    <Dialog label={`${name}, enlarged`} onClose={onClose} className="w-[min(92vw,92dvh,60rem)]">
      <div className="relative aspect-square">
        <Image src={src} alt={name} fill sizes="min(92vw, 60rem)" className="object-cover" />
      </div>
    </Dialog>
  )
}
