import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { contract, type Route } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import { openApiDocument } from './openapi-document.ts'

/** Where the document, and a page that shows it and can ask, are found. It says what everybody can read in the source, and so needs nobody to be known. */
export const documentationPath = '/documentation'

export function serveDocumentation(api: FastifyInstance, version: string): void {
  const document = openApiDocument(contract as Readonly<Record<string, Route>>, version)
  api.register(swagger, { mode: 'static', specification: { document: document as never } })
  api.register(swaggerUi, { routePrefix: documentationPath, staticCSP: true, uiConfig: { docExpansion: 'none', displayOperationId: true, persistAuthorization: false, validatorUrl: null } })
}
