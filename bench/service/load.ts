// POST /api/produce over a number of connections, each with one request under way, as a process of its own; then every answer is looked
// up in the topic. Arguments: URL, PID of the service, broker, connections, requests. One line of JSON.
import { connect } from 'node:net'
import { once } from 'node:events'
import { eachRecord } from './topic-records.ts'
import { cpuMs, residentMb } from '../support/sides.ts'
import { percentile } from '../support/percentile.ts'
import { order, placed } from './orders.ts'

const [url = '', pid, broker = '', connections, requests] = process.argv.slice(2)
const { hostname, port } = new URL(url)
const bodies = Array.from({ length: 1000 }, (_, i) => JSON.stringify(order(i)))
const run = `r${Date.now()}`

/** request -> `partition:offset` */
const answers = new Map<string, string>()
const latencies: number[] = []
const refused: string[] = []
let sent = 0

function request(key: string): string {
  const body = bodies[sent % bodies.length]!
  const head = `POST /api/produce HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\nevent-key: ${key}`
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** The body of a whole answer, undefined as long as some of it is missing. */
function bodyOf(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n')
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
  return end < 0 || text.length < end + 4 + length ? undefined : text.slice(end + 4)
}

async function work(): Promise<void> {
  const socket = connect(Number(port), hostname)
  socket.setNoDelay()
  await once(socket, 'connect')
  let text = ''
  let key = ''
  let at = 0
  const next = (): void => {
    key = `${run}-${sent}`
    at = performance.now()
    socket.write(request(key))
    sent++
  }
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    const body = bodyOf(text)
    if (body === undefined) return
    latencies.push(performance.now() - at)
    if (/^HTTP\/1.1 20[02]/.test(text)) {
      const { partition, offset } = JSON.parse(body) as { partition: number; offset: number }
      answers.set(key, `${partition}:${offset}`)
    } else refused.push(text)
    text = ''
    if (sent < Number(requests)) next()
    else socket.end()
  })
  next()
  await once(socket, 'close')
}

/** Throws unless each answer's record stands where the answer says, and no record is there twice or unasked. */
async function account(): Promise<void> {
  if (refused.length > 0) throw new Error(`${refused.length} requests were refused, as ${refused[0]}`)
  let found = 0
  await eachRecord(broker, placed, ({ key, partition, offset }) => {
    if (key === null || !String(key).startsWith(`${run}-`)) return
    if (answers.get(String(key)) !== `${partition}:${offset}`)
      throw new Error(`${key} stands in ${partition}:${offset}`)
    found++
  })
  if (found !== answers.size || found !== sent)
    throw new Error(`sent ${sent}, answered ${answers.size}, in the topic ${found}`)
}

const begin = performance.now()
const cpuBefore = cpuMs(Number(pid))
await Promise.all(Array.from({ length: Number(connections) }, work))
const wall = performance.now() - begin
const cpu = cpuMs(Number(pid)) - cpuBefore
await account()
const figures = {
  requests: sent,
  perSecond: Math.round((sent / wall) * 1000),
  cpuUs: Number(((cpu * 1000) / sent).toFixed(1)),
  p50: Number(percentile(latencies, 0.5).toFixed(1)),
  p99: Number(percentile(latencies, 0.99).toFixed(1)),
  residentMb: Math.round(residentMb(Number(pid))),
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
