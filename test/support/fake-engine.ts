// An engine that says what it is told to, over TCP: for words that a real one says only on a machine that is in trouble.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveHttp } from './strangers.ts'

export interface FakeEngine {
  /** for DOCKER_HOST */
  readonly host: string
  /** what it was asked, without the pings: `POST /v1.41/images/create?fromImage=postgres&tag=17` */
  readonly requests: readonly string[]
}

/** Answers a ping as `server` does, and everything else by `answer`. It is gone when the test is over. */
export async function fakeEngine(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { server = 'Docker/20.10.24 (linux)', api = '1.41', os = 'linux' } = {},
): Promise<FakeEngine> {
  const requests: string[] = []
  const port = await serveHttp((request, response) => {
    if (request.url?.endsWith('/_ping') === true) {
      response.writeHead(200, { server, 'api-version': api, ostype: os }).end('OK')
      return
    }
    requests.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  return { host: `tcp://127.0.0.1:${port}`, requests }
}

/** An answer that refuses: a status, and words in the engine's JSON. */
export function refusing(status: number, message: string): (_: IncomingMessage, response: ServerResponse) => void {
  return (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }))
}

/** An answer to a pull or a build: it begins well and ends with an error in its stream. */
export function failing(message: string): (_: IncomingMessage, response: ServerResponse) => void {
  const event = { errorDetail: { message }, error: message }
  return (_, response) => void response.writeHead(200).end(`{"status":"Pulling"}\r\n${JSON.stringify(event)}\r\n`)
}
