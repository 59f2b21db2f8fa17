// Events at a rate, each with a number of its own; what is acknowledged is counted.
import { setTimeout as sleep } from 'node:timers/promises'
import { ownDriver } from '../../../src/kafka/driver/own-driver.ts'
import { isPoison, topic } from './contract.ts'

export interface LoadOptions {
  /** the number of the first */
  readonly from: number
  readonly perSecond: number
  /** left out, until it is told to stop */
  readonly count?: number
  readonly withPoison?: boolean
}

export interface Load {
  /** the numbers that are acknowledged */
  readonly sent: Promise<number[]>
  /** sends no more; the same */
  stop(): Promise<number[]>
}

export function startLoad(bootstrap: string, options: LoadOptions): Load {
  const stopping = new AbortController()
  const sent = send(bootstrap, options, stopping.signal)
  sent.catch(() => undefined)
  return {
    sent,
    stop: () => {
      stopping.abort()
      return sent
    },
  }
}

async function send(bootstrap: string, options: LoadOptions, signal: AbortSignal): Promise<number[]> {
  const { from, perSecond, count = Infinity, withPoison = false } = options
  const producer = ownDriver.produce({ bootstrap: [bootstrap] }, { deliveryMs: 120_000, onTrouble: () => undefined })
  const began = performance.now()
  const sends: Promise<number>[] = []
  for (let n = from; n < from + count && !signal.aborted; n++) {
    const key = `k${n % 50}`
    const value = withPoison && isPoison(n) ? `poison ${n}` : JSON.stringify({ n, key })
    const record = { topic, key: Buffer.from(key), value: Buffer.from(value), headers: [] }
    sends.push(producer.send(record).then(() => n))
    const early = ((n - from) / perSecond) * 1000 - (performance.now() - began)
    if (early > 20) await sleep(early)
  }
  const acknowledged = await Promise.all(sends)
  await producer.close(10_000)
  return acknowledged
}
