import { edit, type Fault } from './fault.ts'

const products = 'apps/api/src/resources/products.ts'
const problems = 'apps/api/src/problems.ts'
const anyRating = edit('packages/contract/src/review.ts', 'rating: z.int().min(1).max(5)', 'rating: z.int()')

/** What answers wrongly, to whom it should not, or not at all. */
export const requestFaults: readonly Fault[] = [
  { id: 'fails-on-odd-input', what: 'a rating that the database refuses is an internal error', caughtBy: ['errors.generated-requests'], edits: [anyRating] },
  { id: 'stack-in-the-answer', what: 'an internal error is answered with its stack', caughtBy: ['errors.generated-requests', 'services.cut'], edits: [anyRating, edit(problems, 'return send(reply, 500, undefined)', 'return send(reply, 500, error.stack)')] },
  { id: 'sql-in-the-answer', what: 'an internal error is answered with what the database said', caughtBy: ['errors.generated-requests', 'services.cut'], edits: [anyRating, edit(problems, 'return send(reply, 500, undefined)', 'return send(reply, 500, `${error.message}: INSERT INTO reviews`)')] },
  { id: 'slug-too-long', what: 'a long name of a product is an internal error', caughtBy: ['errors.generated-requests'], edits: [edit(products, '      const [product] = rows\n', "      if (request.params.slug.length > 40) throw new Error('too long for the cache')\n      const [product] = rows\n")] },
  { id: 'answer-breaks-its-schema', what: 'an answer is not what the document says', caughtBy: ['errors.generated-requests'], edits: [edit('apps/api/src/resources/reviews.ts', "app.get(\n    '/reviews/attempts/:key',\n    { schema: { params: z.object({ key: IdempotencyKey }), response: { 200: Attempts } } },", "app.get(\n    '/reviews/attempts/:key',\n    { serializerCompiler: () => () => '{\"attempts\":\"none\"}', schema: { params: z.object({ key: IdempotencyKey }), response: { 200: Attempts } } },")] },
  { id: 'not-found-is-fine', what: 'what is not there is answered with 200', caughtBy: ['errors.unknown-paths'], edits: [edit(problems, '    send(reply, 404, `There', '    send(reply, 200, `There')] },
  { id: 'route-without-auth', what: 'one route forgets to ask who it is', caughtBy: ['auth.protected-routes'], edits: [edit('apps/api/src/resources/orders.ts', "      const customer = await app.customerOf(request)\n      return { orders: await listOrders(pool, customer) }", "      const customer = { id: '00000000-0000-4000-8000-000000000000', name: request.ip, email: '' }\n      return { orders: await listOrders(pool, customer) }")] },
  { id: 'any-token-will-do', what: 'a session that nobody has is taken for somebody\'s', caughtBy: ['auth.protected-routes'], edits: [edit('apps/api/src/recognise-customer.ts', "    if (customer === undefined) throw new ApiProblem(401, 'The session has ended, please sign in')\n    return customer", "    return customer ?? { id: '00000000-0000-4000-8000-000000000000', name: 'Guest', email: 'guest@localhost.test' }")] },
  { id: 'cookie-for-scripts', what: 'scripts can read the session cookie', caughtBy: ['auth.cookies'], edits: [edit('apps/api/src/resources/session.ts', 'httpOnly: true', 'httpOnly: false')] },
  { id: 'hangs-without-the-api', what: 'the web app waits for minutes where the API is away', caughtBy: ['services.cut'], edits: [edit('apps/web/src/shop/call-api.ts', '    await sleep(RETRY_AFTER_MS)', '    await sleep(RETRY_AFTER_MS * 1000)')] },
  { id: 'ends-without-the-api', what: 'the web app ends where the API is away', caughtBy: ['services.cut'], edits: [edit('apps/web/src/shop/call-api.ts', '    if (!repeatable) throw error\n', '    if (!repeatable) throw error\n    if (String(error).includes(\'fetch failed\')) process.exit(1)\n')] },
]
