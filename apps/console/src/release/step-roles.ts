/** The step in which users move from one release to the other. Before it, they notice nothing. */
export function isSwitch(step: string): boolean {
  return step === 'shift-traffic' || step === 'shift-back'
}

/** The step that may change a database, which no undo changes back. */
export function changesData(step: string): boolean {
  return step === 'migrate'
}
