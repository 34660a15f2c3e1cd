/** One switch of all traffic, as whoever asked for it saw it. Times are milliseconds of the load's own clock. */
export interface SwitchRecord {
  /** The release that served before; the one that serves after. They may come back later. */
  readonly before: number
  readonly after: number
  /** Not later than the moment at which the edge was asked. */
  readonly askedAt: number
  /** Not earlier than the moment at which the edge had answered. */
  readonly acknowledgedAt: number
}
