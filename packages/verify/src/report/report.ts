/** What is told of a verification, in every form that somebody reads. */
export { writeReports, type WriteWish } from './write-reports.ts'
export { readKept } from './kept-file.ts'
export { redacted } from './redacted.ts'
export { htmlReport } from './html/page.ts'
export { junitReport } from './junit-report.ts'
export { ctrfReport } from './ctrf-report.ts'
export { commentMarker, summaryLimit, summaryReport } from './summary-report.ts'
export { timelineOf, type Span, type Timeline } from './timeline.ts'
