import type { Diagnostic } from './diagnostic.ts'

/** `render.yaml:31:5 services[2].healthCheckPath: must start with "/"`. */
export function formatDiagnostic({ file, line, column, path, message }: Pick<Diagnostic, 'file' | 'line' | 'column' | 'path' | 'message'>): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`
}
