import { contract } from '@plimsoll/model'
import { appIn, directoryIn } from './app-in.ts'
import { ensureApi } from './connect.ts'
import { previewText } from './preview-text.ts'
import type { ReleaseOptions } from './release-directory.ts'
import { fit } from './screen/fit.ts'
import { createPainter } from './screen/painter.ts'
import { sourceFor } from './send-source.ts'
import type { Session } from './session.ts'

/** Prints what a release of `directory` would send to the place, of which nothing is sent. */
export async function showPreview(session: Session, directory: string | undefined, options: ReleaseOptions): Promise<void> {
  const root = directoryIn(session, directory)
  const app = appIn(root, options)
  const client = await ensureApi(session)
  const source = await sourceFor({ client, session }, { app, root, blueprint: options.file })
  const preview = await client.call(contract.previewInPlace, { params: { app }, body: { source, ...(options.on !== undefined && { on: options.on }) } }, session.interrupted)
  session.out.write(options.json ? `${JSON.stringify(preview)}\n` : fit(previewText(preview, createPainter(session.out)), session.out.columns))
}
