import type { Rule } from '../rule.ts'

const install = /\b(?:npm\s+(?:install|i|add)\s+(?:[\w@./^~-]+\s+)*(?:-g|--global)|npm\s+(?:-g|--global)\s+(?:install|i|add)|yarn\s+global\s+add|pnpm\s+(?:add|install|i)\s+(?:[\w@./^~-]+\s+)*(?:-g|--global))\b[^&;|]*?\b(?:npm|pnpm|yarn)\b|\bnpm\s+(?:install|i|add)\s+(?:pnpm|yarn|npm)(?:@[\w.^~-]+)?\s+(?:-g|--global)\b/

export const globalInstall: Rule = {
  id: 'global-install',
  severity: 'warning',
  holds: 'A package manager is not installed globally.',
  why: 'On Render /usr/bin is read-only, so the build ends with EROFS.',
  *find({ services }) {
    for (const { runtime, commands } of services) {
      if (runtime !== 'node') continue
      for (const { key, text, node } of commands) {
        if (install.test(text)) yield { place: node, message: `${key} installs a package manager into a directory that cannot be written to`, fix: 'call pnpm or yarn directly, which are there; for an exact version write npx pnpm@<version>' }
      }
    }
  },
}
