// The service that is killed, restarted and fed with poison: it writes down each event that it has handled, in a file of its own.
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineService } from '../../../src/service/define-service.ts'
import type { Topic } from '../../../src/service/definition.ts'
import { run } from '../../../src/service/run/run.ts'
import { type Event, failuresOf, isTransient, loadSpan, serviceName, topic } from './contract.ts'

const { JOURNAL = '', FAILURES = '', SLOW_N = '', SLOW_MS = '', BUSY_N = '', BUSY_MS = '' } = process.env

/** Nothing else goes on meanwhile. */
function compute(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

const service = defineService({
  service: { name: serviceName, group: serviceName, ...(FAILURES && { failures: failuresOf }) },
  topics: {
    [topic]: { key: { kind: 'string' }, value: { kind: 'json' }, produced: true, consumed: true } as Topic<
      string,
      Event
    >,
  },
  listeners: {
    [topic]: {
      concurrency: { by: 'key', max: 10 },
      handle: async ({ n, key }: Event, { attempt }: { readonly attempt: number }) => {
        if (SLOW_N === `${n % loadSpan}`) await sleep(Number(SLOW_MS))
        if (BUSY_N === `${n % loadSpan}`) compute(Number(BUSY_MS))
        if (FAILURES && isTransient(n) && attempt === 1) throw new Error(`${n} fails once`)
        // one write for each line, in the file when it returns: kill -9 takes nothing of it
        appendFileSync(JOURNAL, `${n} ${key} ${process.hrtime.bigint()}\n`)
      },
    },
  },
})

await run(service)
