// What is told of servers that are away, or are something else than they are taken for. No Kafka is needed for that.
import { describe, expect, test } from 'vitest'
import { createAuthority } from '../support/certificate.ts'
import { evplat } from '../support/evplat.ts'
import { startTestRegistry } from '../support/registry-server.ts'
import { freePort } from '../support/free-port.ts'
import { serveFrames, serveHttp, serveTcp, serveTls } from '../support/strangers.ts'
import { folderWith, platform, tell } from '../support/told.ts'

/** Lists the topics at a port. */
async function askBroker(port: number): Promise<string> {
  return tell(['topics', 'list', '--bootstrap', `127.0.0.1:${port}`], { hide: { [port]: 'PORT' } })
}

/** Lists the subjects of a registry at a port. */
async function askRegistry(port: number, scheme = 'http'): Promise<string> {
  return tell(['schemas', 'list', '--registry', `${scheme}://127.0.0.1:${port}`], { hide: { [port]: 'PORT' } })
}

/** platform.yaml with an environment `prod` whose cluster and registry are at a port, by TLS. */
function tlsFolder(port: number, ca?: string): string {
  const trust = ca === undefined ? 'true' : '{ ca: ca.pem }'
  const yaml = platform(
    'environments:',
    '  prod:',
    `    kafka: { bootstrap: ["127.0.0.1:${port}"], tls: ${trust} }`,
    `    registry: { url: "https://127.0.0.1:${port}"${ca === undefined ? '' : ', tls: { ca: ca.pem }'} }`,
  )
  return folderWith({ 'platform.yaml': yaml, ...(ca !== undefined && { 'ca.pem': ca }) })
}

async function askByTls(port: number, ca?: string): Promise<{ broker: string; registry: string }> {
  const options = { cwd: tlsFolder(port, ca), hide: { [port]: 'PORT' } }
  return {
    broker: await tell(['topics', 'list', '--env', 'prod'], options),
    registry: await tell(['schemas', 'list', '--env', 'prod'], options),
  }
}

describe('a broker', () => {
  test('that is not there', async () => {
    expect(await askBroker(await freePort())).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: 127.0.0.1:PORT: connection refused: nothing listens there
        try: check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml"
    `)
  })
  test('of the local stack that is not there', async () => {
    const [kafka, registry] = [await freePort(), await freePort()]
    const yaml = platform(`stack: { ports: { kafka: ${kafka}, registry: ${registry} } }`)
    const hide = { [kafka]: 'KAFKA', [registry]: 'REGISTRY' }
    const cwd = folderWith({ 'platform.yaml': yaml })
    expect(await tell(['plan'], { cwd, hide })).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: 127.0.0.1:KAFKA: connection refused: nothing listens there
        try: is the stack running? \`evplat up\` starts it"
    `)
    expect(await tell(['schemas', 'list'], { cwd, hide })).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "http://127.0.0.1:REGISTRY" could not be asked for the list of schemas: connection refused
        try: start the local stack with \`evplat up\`, or check the address of the registry"
    `)
  })
  test('of several that are all not there', async () => {
    const [first, second] = [await freePort(), await freePort()]
    const args = ['topics', 'list', '--bootstrap', `127.0.0.1:${first},127.0.0.1:${second}`]
    expect(await tell(args, { hide: { [first]: 'FIRST', [second]: 'SECOND' } })).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: none of the bootstrap addresses answers: 127.0.0.1:FIRST: connection refused: nothing listens there; 127.0.0.1:SECOND: connection refused: nothing listens there
        try: check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml"
    `)
  })
  test('in JSON', async () => {
    const port = await freePort()
    const { code, stdout, stderr } = await evplat(['groups', 'list', '--bootstrap', `127.0.0.1:${port}`, '-o', 'json'])
    expect([code, stdout, JSON.parse(stderr.replaceAll(String(port), 'PORT'))]).toMatchInlineSnapshot(`
      [
        69,
        "",
        {
          "error": {
            "code": "broker-unreachable",
            "details": {
              "address": "127.0.0.1:PORT",
              "reason": "ECONNREFUSED",
            },
            "hint": "check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml",
            "message": "127.0.0.1:PORT: connection refused: nothing listens there",
          },
        },
      ]
    `)
  })
  test('of a host that nobody knows', async () => {
    expect(await tell(['topics', 'list', '--bootstrap', 'kafka.invalid:9092'])).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: kafka.invalid:9092: the host name is not known
        try: check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml"
    `)
  })
  test('that is an HTTP server', async () => {
    expect(await askBroker(await serveHttp((_, answer) => answer.end('hello')))).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: what answers at 127.0.0.1:PORT is no broker, but an HTTP server
        try: check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml"
    `)
  })
  test('that is a mail server', async () => {
    expect(await askBroker(await serveTcp((socket) => socket.write('220 mail.example\r\n')))).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: what answers at 127.0.0.1:PORT is no broker, but something that does not speak Kafka's protocol
        try: check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml"
    `)
  })
  test('that hangs up', async () => {
    expect(await askBroker(await serveTcp((socket) => socket.destroy()))).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: 127.0.0.1:PORT closed the connection during ApiVersions
        try: is it a Kafka listener, and is TLS on or off as it should be?"
    `)
  })
  test('that says nothing', async () => {
    expect(await askBroker(await serveTcp((socket) => socket.resume()))).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: 127.0.0.1:PORT did not answer within 10.0 s (ApiVersions)
        try: is it well, and is it a broker? check the address: \`--bootstrap\`, or \`kafka.bootstrap\` of the environment in platform.yaml"
    `)
  })
  test('that is a Kafka of 2017', async () => {
    // it does not know version 3 of ApiVersions, and says so in version 0 (KIP-35): error 35, no ranges
    const port = await serveFrames(() => Buffer.from('002300000000', 'hex'))
    expect(await askBroker(port)).toMatchInlineSnapshot(`
      "exit 1
      error[broker-too-old]: the broker does not tell which requests it knows
        try: evplat works with Kafka 2.4 and newer"
    `)
  })
  test('that knows no request that is needed', async () => {
    const port = await serveFrames(() => Buffer.from('000002001200000004000000000000', 'hex'))
    expect(await askBroker(port)).toMatchInlineSnapshot(`
      "exit 1
      error[broker-too-old]: the broker does not know Metadata at a version that evplat knows
        try: evplat works with Kafka 2.4 and newer"
    `)
  })
  test('whose answers are broken', async () => {
    const port = await serveFrames(() => Buffer.from('00007f', 'hex'))
    expect(await askBroker(port)).toMatchInlineSnapshot(`
      "exit 1
      error[malformed-message]: the answer of 127.0.0.1:PORT to ApiVersions can't be read: a message of the Kafka protocol is broken: 126 elements are announced and 0 bytes are left
        try: is it a broker of Kafka, and does nothing on the way change what it says?"
    `)
    const json = await evplat(['groups', 'list', '--bootstrap', `127.0.0.1:${port}`, '-o', 'json'])
    expect([json.code, json.stdout, JSON.parse(json.stderr.replaceAll(String(port), 'PORT'))]).toMatchInlineSnapshot(`
      [
        1,
        "",
        {
          "error": {
            "code": "malformed-message",
            "details": {
              "address": "127.0.0.1:PORT",
              "request": "ApiVersions",
            },
            "hint": "is it a broker of Kafka, and does nothing on the way change what it says?",
            "message": "the answer of 127.0.0.1:PORT to ApiVersions can't be read: a message of the Kafka protocol is broken: 126 elements are announced and 0 bytes are left",
          },
        },
      ]
    `)
  })
  test('that expects TLS', async () => {
    expect(await askBroker(await serveTls(createAuthority().issue(['127.0.0.1'])))).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: 127.0.0.1:PORT closed the connection during ApiVersions
        try: is it a Kafka listener, and is TLS on or off as it should be?"
    `)
  })
})

describe('a registry', () => {
  test('that is not there', async () => {
    expect(await askRegistry(await freePort())).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "http://127.0.0.1:PORT" could not be asked for the list of schemas: connection refused
        try: start the local stack with \`evplat up\`, or check the address of the registry"
    `)
  })
  test('of a host that nobody knows', async () => {
    expect(await tell(['schemas', 'list', '--registry', 'http://registry.invalid'])).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "http://registry.invalid" could not be asked for the list of schemas: its host name is not known
        try: start the local stack with \`evplat up\`, or check the address of the registry"
    `)
  })
  test('that is another web site', async () => {
    expect(await askRegistry(await serveHttp((_, answer) => answer.end('<html>hello</html>')))).toMatchInlineSnapshot(`
      "exit 69
      error[registry-not-a-registry]: "http://127.0.0.1:PORT" is no Schema Registry: asked for the list of schemas, it gave another kind of answer
        server: <html>hello</html>
        try: check the address of the registry, its port and its path"
    `)
  })
  test('that has moved', async () => {
    const port = await serveHttp((_, answer) => answer.writeHead(302, { location: 'https://login.example/' }).end())
    expect(await askRegistry(port)).toMatchInlineSnapshot(`
      "exit 69
      error[registry-not-a-registry]: "http://127.0.0.1:PORT" is no Schema Registry: asked for the list of schemas, it points to "https://login.example/"
        try: check the address of the registry, its port and its path"
    `)
  })
  test('that is just starting behind its gateway', async () => {
    const port = await serveHttp((_, answer) => answer.writeHead(503).end('upstream is not ready'))
    expect(await askRegistry(port)).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "http://127.0.0.1:PORT" could not be asked for the list of schemas: HTTP 503
        server: upstream is not ready
        try: see whether it is well with \`evplat status\`, or try again in a moment"
    `)
  })
  test('that has trouble of its own', async () => {
    const port = await serveHttp((_, answer) =>
      answer
        .writeHead(500, { 'content-type': 'application/json' })
        .end('{"error_code":50001,"message":"Error in the backend data store"}'),
    )
    expect(await askRegistry(port)).toMatchInlineSnapshot(`
      "exit 1
      error[registry-refused]: the registry refused the list of schemas
        server: Error in the backend data store
        try: the reason stands in its own log; \`evplat logs schema-registry\` shows that of the local stack"
    `)
    const { code, stdout, stderr } = await evplat([
      'schemas',
      'list',
      '--registry',
      `http://127.0.0.1:${port}`,
      '-o',
      'json',
    ])
    expect([code, stdout, JSON.parse(stderr.replaceAll(String(port), 'PORT'))]).toMatchInlineSnapshot(`
      [
        1,
        "",
        {
          "error": {
            "code": "registry-refused",
            "details": {
              "errorCode": 50001,
              "server": "Error in the backend data store",
              "status": 500,
              "url": "http://127.0.0.1:PORT",
            },
            "hint": "the reason stands in its own log; \`evplat logs schema-registry\` shows that of the local stack",
            "message": "the registry refused the list of schemas",
          },
        },
      ]
    `)
  })
  test('that does not speak HTTP', async () => {
    expect(await askRegistry(await serveTcp((socket) => socket.write('220 mail.example\r\n')))).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "http://127.0.0.1:PORT" could not be asked for the list of schemas: what answers there does not speak HTTP
        try: perhaps it wants https:// instead of http://"
    `)
  })
  test('that hangs up', async () => {
    expect(await askRegistry(await serveTcp((socket) => socket.destroy()))).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "http://127.0.0.1:PORT" could not be asked for the list of schemas: the connection was lost
        try: perhaps it wants https:// instead of http://"
    `)
  })
  test('that says nothing', async () => {
    expect(await askRegistry(await serveTcp((socket) => socket.resume()))).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "http://127.0.0.1:PORT" did not answer within 15.0 s when asked for the list of schemas
        try: see whether it is well with \`evplat status\`, or check the address of the registry"
    `)
  })
  test('that wants credentials', async () => {
    const port = await serveHttp((_, answer) =>
      answer.writeHead(401, { 'content-type': 'application/json' }).end('{"error_code":401,"message":"Unauthorized"}'),
    )
    expect(await askRegistry(port)).toMatchInlineSnapshot(`
      "exit 77
      error[registry-unauthorised]: the registry at "http://127.0.0.1:PORT" wants credentials
        server: Unauthorized
        try: set "registry.username" and "registry.password" of the environment in platform.yaml, from \${VARIABLES}"
    `)
    const given = await tell(['schemas', 'list', '--registry', `http://ann:wrong@127.0.0.1:${port}`], {
      hide: { [port]: 'PORT' },
    })
    expect(given).toMatchInlineSnapshot(`
      "exit 77
      error[registry-unauthorised]: the registry at "http://127.0.0.1:PORT" does not accept the credentials
        server: Unauthorized
        try: set "registry.username" and "registry.password" of the environment in platform.yaml, from \${VARIABLES}"
    `)
  })
  test('that does not allow it', async () => {
    const port = await serveHttp((_, answer) =>
      answer
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"error_code":40301,"message":"User:ann is denied"}'),
    )
    expect(await askRegistry(port)).toMatchInlineSnapshot(`
      "exit 77
      error[registry-unauthorised]: the registry at "http://127.0.0.1:PORT" does not allow the list of schemas with these credentials
        server: User:ann is denied
        try: set "registry.username" and "registry.password" of the environment in platform.yaml, from \${VARIABLES}"
    `)
  })
})

describe('our registry', () => {
  test('has no such subject, or no such version', async () => {
    const registry = await startTestRegistry()
    try {
      await registry.call('POST', '/subjects/orders-value/versions', { schema: '"string"' })
      const at = ['--registry', registry.url]
      expect(await tell(['schemas', 'show', 'order-value', ...at])).toMatchInlineSnapshot(`
        "exit 1
        error[subject-missing]: there is no subject "order-value"
          try: did you mean "orders-value"?"
      `)
      expect(await tell(['schemas', 'show', 'payments-value', ...at])).toMatchInlineSnapshot(`
        "exit 1
        error[subject-missing]: there is no subject "payments-value"
          try: see \`evplat schemas list\`"
      `)
      expect(await tell(['schemas', 'show', 'orders-value', '--schema-version', '7', ...at])).toMatchInlineSnapshot(`
        "exit 1
        error[subject-missing]: subject "orders-value" has no version 7
          try: it has 1"
      `)
      expect(await tell(['schemas', 'delete', 'order-value', '--yes', ...at])).toMatchInlineSnapshot(`
        "exit 1
        error[subject-missing]: there is no subject "order-value"
          try: did you mean "orders-value"?"
      `)
      expect(await tell(['schemas', 'delete', 'orders-value', ...at])).toMatchInlineSnapshot(`
        "exit 64
        error[needs-terminal]: deleting has to be confirmed, and there is no terminal
          try: confirm beforehand with \`--yes\`"
      `)
    } finally {
      await registry.close()
    }
  })
  test('refuses what it does not allow', async () => {
    const registry = await startTestRegistry()
    try {
      await registry.call('POST', '/subjects/orders-value/versions', { schema: '"string"' })
      await registry.call('PUT', '/mode', { mode: 'READONLY' })
      const hide = { [registry.url]: 'URL' }
      const args = ['schemas', 'delete', 'orders-value', '--yes', '--registry', registry.url]
      expect(await tell(args, { hide })).toMatchInlineSnapshot(`
        "exit 1
        | failed subject orders-value: Subject orders-value is in read-only mode"
      `)
    } finally {
      await registry.close()
    }
  })
})

describe('TLS', () => {
  const authority = createAuthority('test authority')

  test('to a plaintext server', async () => {
    const asked = await askByTls(await serveHttp((_, answer) => answer.end('hello')))
    expect(asked.broker).toMatchInlineSnapshot(`
      "exit 69
      error[broker-unreachable]: 127.0.0.1:PORT does not speak TLS
        try: the listener may be a plaintext one: leave \`tls\` out, or name its TLS port"
    `)
    expect(asked.registry).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "https://127.0.0.1:PORT" could not be asked for the list of schemas: it does not speak TLS
        try: try the address with http:// instead of https://"
    `)
  })
  test('an authority that nobody trusts', async () => {
    const asked = await askByTls(await serveTls(authority.issue(['127.0.0.1'])))
    expect(asked.broker).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of 127.0.0.1:PORT is not signed by a trusted authority
        try: name the certificate of the one that signed it: \`kafka.tls.ca\` in platform.yaml"
    `)
    expect(asked.registry).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of https://127.0.0.1:PORT is not signed by a trusted authority
        try: name the certificate of the one that signed it: \`registry.tls.ca\` in platform.yaml"
    `)
  })
  test('the wrong authority', async () => {
    const asked = await askByTls(await serveTls(authority.issue(['127.0.0.1'])), createAuthority('another').cert)
    expect(asked.broker).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of 127.0.0.1:PORT is not signed by the authority that was named
        try: is the file of \`kafka.tls.ca\` the one that belongs to this server?"
    `)
    expect(asked.registry).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of https://127.0.0.1:PORT is not signed by the authority that was named
        try: is the file of \`registry.tls.ca\` the one that belongs to this server?"
    `)
  })
  test('a certificate for another host', async () => {
    const asked = await askByTls(await serveTls(authority.issue(['kafka.example'])), authority.cert)
    expect(asked.broker).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of 127.0.0.1:PORT is for another host: DNS:kafka.example
        try: reach it by a name that stands in its certificate"
    `)
    expect(asked.registry).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of https://127.0.0.1:PORT is for another host: DNS:kafka.example
        try: reach it by a name that stands in its certificate"
    `)
  })
  test('a certificate that has expired', async () => {
    const asked = await askByTls(await serveTls(authority.issue(['127.0.0.1'], { expired: true })), authority.cert)
    expect(asked.broker).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of 127.0.0.1:PORT is not valid any more
        try: the server needs a new one; or is the clock of this machine wrong?"
    `)
    expect(asked.registry).toMatchInlineSnapshot(`
      "exit 69
      error[tls-untrusted]: the certificate of https://127.0.0.1:PORT is not valid any more
        try: the server needs a new one; or is the clock of this machine wrong?"
    `)
  })
  test('a CA file that is none', async () => {
    const asked = await askByTls(await serveTls(authority.issue(['127.0.0.1'])), 'hello\n')
    expect(asked.broker).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has 2 errors

      error[invalid-value]: the file "ca.pem" holds no certificate in PEM
        --> platform.yaml:5:57
      5 |     kafka: { bootstrap: ["127.0.0.1:PORT"], tls: { ca: ca.pem } }
        |                                                         ^^^^^^
        = paths start at the folder of the platform; the file holds lines from "-----BEGIN CERTIFICATE-----" on

      error[invalid-value]: the file "ca.pem" holds no certificate in PEM
        --> platform.yaml:6:60
      6 |     registry: { url: "https://127.0.0.1:PORT", tls: { ca: ca.pem } }
        |                                                            ^^^^^^
        = paths start at the folder of the platform; the file holds lines from "-----BEGIN CERTIFICATE-----" on"
    `)
    expect(asked.registry).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has 2 errors

      error[invalid-value]: the file "ca.pem" holds no certificate in PEM
        --> platform.yaml:5:57
      5 |     kafka: { bootstrap: ["127.0.0.1:PORT"], tls: { ca: ca.pem } }
        |                                                         ^^^^^^
        = paths start at the folder of the platform; the file holds lines from "-----BEGIN CERTIFICATE-----" on

      error[invalid-value]: the file "ca.pem" holds no certificate in PEM
        --> platform.yaml:6:60
      6 |     registry: { url: "https://127.0.0.1:PORT", tls: { ca: ca.pem } }
        |                                                            ^^^^^^
        = paths start at the folder of the platform; the file holds lines from "-----BEGIN CERTIFICATE-----" on"
    `)
  })
})
