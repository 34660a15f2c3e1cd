import { textOf, valueOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'

export const diskBuild: Rule = {
  id: 'disk-build',
  severity: 'warning',
  holds: 'Build and pre-deploy commands leave the disk alone.',
  why: 'Render mounts the disk for the running service only, so what they write there is gone and what they read is missing.',
  *find({ services }) {
    for (const { node, commands } of services) {
      const mount = textOf(valueOf(node, 'disk'), 'mountPath')?.replace(/\/+$/, '')
      if (mount === undefined || mount === '') continue
      for (const command of commands) {
        if (command.key !== 'buildCommand' && command.key !== 'preDeployCommand') continue
        const names = command.text.split(/[\s=:'";&|]+/)
        if (names.some((name) => name === mount || name.startsWith(`${mount}/`))) yield { place: command.node, message: `${command.key} uses ${mount}, where no disk is yet`, fix: 'move it to the start command' }
      }
    }
  },
}
