// How an engine sees that a server is well: a real request, asked within the container by what its image has anyway. No check starts a
// JVM, which would take a second of processor time again and again.
import type { HealthCheck } from '../engine/engine.ts'

const usual = { intervalSeconds: 3, timeoutSeconds: 5, retries: 20, startPeriodSeconds: 60 } as const

/** A check by a program with its arguments. */
export function checkBy(test: readonly string[], more: Partial<Omit<HealthCheck, 'test'>> = {}): HealthCheck {
  return { test: ['CMD', ...test], ...usual, ...more }
}

/** A check by bash, where `3` is a connection to a port of the container. */
function overConnection(port: number, script: string): HealthCheck {
  return checkBy(['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port} && ${script}`])
}

/** ZooKeeper names a mode only while it serves. */
export function serves(port: number): HealthCheck {
  return overConnection(port, 'echo srvr >&3 && grep -q ^Mode: <&3')
}

/**
 * A broker answers ApiVersions, version 0 (https://kafka.apache.org/protocol#The_Messages_ApiVersions): 10 bytes with API key 18 and
 * correlation id 1, without a client id. In the answer its length is followed by the correlation id and the error code, which is none.
 */
export function answersApiVersions(port: number): HealthCheck {
  const request = String.raw`\0\0\0\12\0\22\0\0\0\0\0\1\377\377`
  const answer = 'head -c 10 <&3 | od -An -v -tx1 -j4 | tr -d " \\n"'
  return overConnection(port, `printf '${request}' >&3 && [ "$(${answer})" = 000000010000 ]`)
}

/** A server answers a GET with status 200. */
export function answersHttp(port: number, path: string): HealthCheck {
  return overConnection(
    port,
    String.raw`printf 'GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && head -n 1 <&3 | grep -q ' 200 '`,
  )
}

/**
 * A member of a replica set says that it may be written to; any other answer is left to a `program` with its arguments. `hello` is
 * asked without one, in MongoDB's wire protocol (OP_MSG): its shell takes a second of processor time. Of the answer its names are
 * looked for, without the zeros that end them: behind that of a truth stands 1.
 */
export function answersHello(
  port: number,
  program: readonly string[],
  more: Parameters<typeof checkBy>[1],
): HealthCheck {
  const header = String.raw`4\0\0\0\1\0\0\0\0\0\0\0\335\7\0\0\0\0\0\0\0`
  const document = String.raw`\37\0\0\0\20hello\0\1\0\0\0\2$db\0\6\0\0\0admin\0\0`
  const steps = [
    `exec 3<>/dev/tcp/127.0.0.1/${port}`,
    `printf '${header}${document}' >&3`,
    'length=$(head -c 4 <&3 | od -An -tu4)',
    String.raw`answer=$(head -c $((length - 4)) <&3 | tr -d '\0')`,
    String.raw`[[ $answer == *setName* && $answer == *isWritablePrimary$'\1'* ]]`,
  ]
  return checkBy(['bash', '-c', `(${steps.join(' && ')}) || exec env HOME=/tmp "$@"`, 'check', ...program], more)
}
