// One question over HTTP, within a deadline and a size: who answers may be any program.
import { get } from 'node:http'
import { systemCode } from '../../core/errors.ts'

export type HttpAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** nobody listens there */
  | { readonly kind: 'refused' }
  /** the connection was taken, and nothing whole came within the time */
  | { readonly kind: 'silent' }
  /** what came was not HTTP, was cut off, or was too much */
  | { readonly kind: 'strange' }

const mostBytes = 1024 * 1024

/** Asks a port of this machine for a path. Never rejects. */
export function askHttp(port: number, path: string, timeoutMs: number): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve) => {
    const fail = (thrown: unknown): void => resolve(signal.aborted ? { kind: 'silent' } : failureOf(thrown))
    const request = get({ host: '127.0.0.1', port, path, agent: false, signal }, (response) => {
      const parts: Buffer[] = []
      let bytes = 0
      response.once('error', fail)
      response.on('data', (part: Buffer) => {
        parts.push(part)
        bytes += part.length
        if (bytes > mostBytes) request.destroy(new Error('too much'))
      })
      response.once('end', () =>
        resolve({ kind: 'answer', status: response.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
      )
    })
    request.once('error', fail)
  })
}

function failureOf(thrown: unknown): HttpAnswer {
  return { kind: systemCode(thrown) === 'ECONNREFUSED' ? 'refused' : 'strange' }
}
