/** Speaks to the API in the words of the contract: nobody else writes a URL, a header or a schema of it. */
export { createClient } from './create-client.ts'
export type { Asked, Client, ClientOptions, StreamAsked } from './create-client.ts'
export { readAddress, readEndpoint, type Endpoint } from './read-endpoint.ts'
