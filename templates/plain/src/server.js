import { createServer } from 'node:http'
import { answer } from './routes.js'

/** bytes of a body */
const most = 1024 * 1024

/**
 * Answers over HTTP.
 *
 * @param {import('./routes.js').Producing} producing
 */
export function httpServer(producing) {
  return createServer(async (request, response) => {
    const chunks = []
    let size = 0
    for await (const chunk of request) {
      size += chunk.length
      if (size > most) return response.writeHead(413, { connection: 'close' }).end()
      chunks.push(chunk)
    }
    const { method = 'GET', url = '/', headers } = request
    const key = headers['event-key']
    const { status, body } = await answer(
      { method, url, ...(typeof key === 'string' && { key }), body: Buffer.concat(chunks).toString() },
      producing,
    )
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    return response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
  })
}
