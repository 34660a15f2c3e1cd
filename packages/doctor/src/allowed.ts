import type { Finding } from './finding.ts'

/** `# doctor: allow image-tag, node-pin because …`, in the way that the file writes comments. */
const comment = /(?:#|\/\/|\/\*)[^\n]*?\bdoctor:\s*allow\s+([\w-]+(?:\s*,\s*[\w-]+)*)/

/**
 * Whether somebody has looked at a finding and says in the file that it is meant: at the end of its line, or in the lines of
 * comment right above it. What Render refuses cannot be allowed.
 */
export function isAllowed({ severity, rule, line }: Finding, lines: readonly string[]): boolean {
  if (severity === 'error') return false
  if (allows(lines[line - 1], rule)) return true
  for (let above = line - 2; above >= 0 && /^\s*(?:#|\/\/|\/\*|\*)/.test(lines[above] ?? ''); above -= 1) if (allows(lines[above], rule)) return true
  return false
}

function allows(line: string | undefined, rule: string): boolean {
  return comment.exec(line ?? '')?.[1]?.split(/\s*,\s*/).includes(rule) ?? false
}
