import { neededBy, type Workspace, type WorkspacePackage } from '../workspace.ts'

/** Everything in the workspace that a package depends on, without itself: each after those that it depends on, as far as they form no circle. */
export function buildOrder(workspace: Workspace, target: WorkspacePackage): WorkspacePackage[] {
  const order: WorkspacePackage[] = []
  const met = new Set([target])
  const visit = (one: WorkspacePackage): void => {
    for (const next of neededBy(workspace, one)) {
      if (met.has(next)) continue
      met.add(next)
      visit(next)
      order.push(next)
    }
  }
  visit(target)
  return order
}
