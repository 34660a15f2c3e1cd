import type { Rule } from '../rule.ts'

export const dockerCommandWrap: Rule = {
  id: 'docker-command-wrap',
  severity: 'warning',
  holds: 'dockerCommand does not start a shell of its own with a quoted line.',
  why: 'Render puts a shell around it already, and of two the inner one looks for a program that is called like the whole line: exit status 127.',
  *find({ services }) {
    for (const { commands } of services) {
      for (const { key, text, node } of commands) {
        if (key !== 'dockerCommand' || !/^\s*(?:\/(?:usr\/)?bin\/)?(?:ba|da|a|z)?sh\s+-\w*c\s+['"]/.test(text)) continue
        yield { place: node, message: 'starts a shell in a shell', fix: 'write the line without sh -c and its quotes, or put it into a script of the image' }
      }
    }
  },
}
