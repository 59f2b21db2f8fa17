// Refusals as problems (RFC 9457).
import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'

/** Answers with `application/problem+json`; the detail is one line for people. */
export function refuse(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error'
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail }))
}
