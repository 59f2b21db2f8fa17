// What the service answers: a request as data in, an answer as data out.
import { InvalidEvent } from './values.js'

/**
 * @typedef {{ method: string, url: string, key?: string, body: string }} Request
 * @typedef {{ status: number, body: object }} Answer
 * @typedef {{
 *   produced: readonly string[]
 *   send(topic: string, key: string | null, event: unknown): Promise<object>
 * }} Producing
 */

/**
 * @param {Request} request
 * @param {Producing} producing
 * @returns {Promise<Answer>}
 */
export async function answer({ method, url, key, body }, producing) {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  if (method === 'GET' && pathname === '/health') return { status: 200, body: { status: 'UP' } }
  if (method !== 'POST' || pathname !== '/api/produce') return problem(404, `there is no ${method} ${pathname}`)
  const topic = searchParams.get('topic') ?? producing.produced[0]
  if (topic === undefined || !producing.produced.includes(topic)) return problem(404, 'this service does not produce that')
  let event
  try {
    event = JSON.parse(body)
  } catch {
    return problem(400, 'the body is no JSON')
  }
  return send(topic, key ?? searchParams.get('key'), event, producing)
}

/**
 * @param {string} topic
 * @param {string | null} key
 * @param {unknown} event
 * @param {Producing} producing
 * @returns {Promise<Answer>}
 */
async function send(topic, key, event, producing) {
  try {
    return { status: 202, body: await producing.send(topic, key, event) }
  } catch (error) {
    if (error instanceof InvalidEvent) return problem(400, error.message)
    return problem(503, 'the event was not acknowledged; the log says why', error)
  }
}

/**
 * @param {number} status
 * @param {string} detail
 * @param {unknown} [cause] for the log
 * @returns {Answer}
 */
function problem(status, detail, cause) {
  if (cause !== undefined) console.error(JSON.stringify({ level: 'error', message: detail, cause: String(cause) }))
  return { status, body: { status, detail } }
}
