/** The load line of a ship: the mark of the product, and of the place in a release where users move. */
export function LoadLine({ className, moving = false }: { className?: string; moving?: boolean }) {
  return (
    <svg viewBox="0 0 24 24" className={className} fill="none" stroke="currentColor" strokeWidth="2.5" aria-hidden="true">
      <circle cx="12" cy="12" r="7.5" />
      <path d="M1 12h22" className={moving ? 'swinging' : ''} />
    </svg>
  )
}
