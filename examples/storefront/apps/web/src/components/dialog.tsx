'use client'

import { type ReactNode, useEffect, useRef } from 'react'

export interface DialogProps {
  readonly label: string
  readonly className: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A modal that is open for as long as it is rendered; Escape and a click beside it close it. */
export function Dialog({ label, className, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={`m-auto animate-rise overflow-hidden rounded-3xl bg-card text-ink shadow-2xl backdrop:bg-[#06121a]/70 backdrop:backdrop-blur-sm ${className}`}
    >
      {children}
      <button
        type="button"
        onClick={onClose}
        aria-label="Close"
        className="absolute top-4 right-4 grid size-10 place-items-center rounded-full bg-paper/85 text-xl leading-none backdrop-blur hover:bg-paper"
      >
        ×
      </button>
    </dialog>
  )
}
