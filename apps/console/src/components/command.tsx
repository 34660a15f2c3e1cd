/** A command to type. Selected as a whole by one click. */
export function Command({ children }: { children: string }) {
  // What scrolls must be reached by the keyboard.
  return <code tabIndex={0} className="inline-block max-w-full overflow-x-auto rounded-sm border border-line bg-well px-2 py-0.5 font-mono text-[0.875em] whitespace-nowrap select-all">{children}</code>
}
