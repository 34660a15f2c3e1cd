/** A signal flag and the name: "H" in the international code is half white, half red. */
export function Wordmark() {
  return (
    <span className="flex items-center gap-2.5">
      <svg viewBox="0 0 24 24" className="size-6" aria-hidden="true">
        <rect x="1" y="1" width="22" height="22" rx="5" fill="#fffaf0" stroke="var(--line)" />
        <path d="M12 1h6a5 5 0 0 1 5 5v12a5 5 0 0 1-5 5h-6z" fill="#c23a22" />
      </svg>
      <span className="font-display text-xl font-semibold tracking-tight">Halyard</span>
    </span>
  )
}
