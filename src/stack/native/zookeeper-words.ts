// ZooKeeper's four letter words (zookeeperAdmin, "The Four Letter Words"): one word in, some text out, and the connection ends.
import { createConnection } from 'node:net'

/** What ZooKeeper on this machine says to a word. Rejects with the system error, or when nothing came in time. */
export function askZooKeeper(port: number, word: 'srvr' | 'dump', timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(word))
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    socket
      .setEncoding('utf8')
      .on('data', (text: string) => (answer += text))
      .on('error', reject)
      .on('close', () => {
        clearTimeout(timer)
        resolve(answer)
      })
  })
}

/** Whether the answer to `srvr` comes from a server that serves. One that does not yet says so in a sentence instead. */
export function isServing(answer: string): boolean {
  return /^Mode: /m.test(answer)
}

/** The brokers that ZooKeeper believes alive, by the answer to `dump`: each keeps a node that ends with its session. */
export function liveBrokers(answer: string): number[] {
  return [...answer.matchAll(/\/brokers\/ids\/(\d+)\s/g)].map(([, id]) => Number(id))
}
