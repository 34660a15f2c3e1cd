// Answers every request by itself, from memory, as large as its path says: answer-alone.ts PORT
import { createServer } from 'node:http'
import { files } from '../start-files.ts'

const bodies = new Map(Object.entries(files).map(([path, size]) => [path, Buffer.alloc(size, 'x')]))
const nothing = Buffer.alloc(0)

createServer({ noDelay: true }, (request, response) => {
  const body = bodies.get(request.url ?? '') ?? nothing
  response.sendDate = false
  response.writeHead(200, 'OK', ['Content-Type', 'application/octet-stream', 'Content-Length', String(body.length), 'ETag', '"0-0"', 'Accept-Ranges', 'bytes'])
  if (body.length <= 8_192) response.end(body.toString('latin1'), 'latin1')
  else response.end(body)
}).listen(Number(process.argv[2]), '127.0.0.1')
