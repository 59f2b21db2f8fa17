// Events that are posted to the service, one after the other: what it accepts, it has to have.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from './contract.ts'
import type { Instance } from './instances.ts'

export interface Posted {
  /** answered with 202 */
  readonly accepted: readonly number[]
  /** answered with 503 and Retry-After */
  readonly refused: number
  /** answered in another way */
  readonly strange: readonly string[]
}

/** above the numbers of all loads */
const first = 1_000_000_000

export function startPosts({ url }: Instance): { stop(): Promise<Posted> } {
  const stopping = new AbortController()
  const posting = post(url, stopping.signal)
  posting.catch(() => undefined)
  return {
    stop: () => {
      stopping.abort()
      return posting
    },
  }
}

async function post(url: string, signal: AbortSignal): Promise<Posted> {
  const accepted: number[] = []
  const strange: string[] = []
  let refused = 0
  for (let n = first; !signal.aborted; n++) {
    const event: Event = { n, key: 'posted' }
    const answer = await fetch(`${url}/api/produce`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'event-key': event.key },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(30_000),
    }).catch((thrown: unknown) => String(thrown))
    if (typeof answer === 'string') strange.push(answer)
    else if (answer.status === 202) accepted.push(n)
    else if (answer.status === 503 && answer.headers.has('retry-after')) refused++
    else strange.push(`${answer.status} ${await answer.text()}`)
    await sleep(50)
  }
  return { accepted, refused, strange }
}
