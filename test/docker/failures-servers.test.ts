// Servers that end, or never answer, on a real engine: what is told, and that `up` succeeds once the cause is gone.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fastClock } from '../support/fast-clock.ts'
import { skipNote } from '../support/native-runtime.ts'
import { imageThat, waits, withImage } from './failure-images.ts'
import { kafkaIsUp, postgresIsUp, setStage, withPostgres } from './failure-stage.ts'
import { missingLab } from './lab-platform.ts'

const missing = missingLab()

describe.skipIf(missing !== undefined)(`a server in a container${skipNote(missing)}`, () => {
  test('ends while it is started', async () => {
    const stage = setStage()
    const image = await imageThat(stage.docker, 'ends', '{ seq 1 30; echo no such disk; } >&2; exit 3')
    stage.declare('ports: auto', withPostgres, withImage('postgres', image))
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[server-failed]: postgres ended with exit code 3 while it was started
        server: 12
                13
                14
                15
                16
                17
                18
                19
                20
                21
                22
                23
                24
                25
                26
                27
                28
                29
                30
                no such disk
        try: see \`evplat logs postgres\`; \`evplat down\` stops the others"
    `)
    expect(await stage.tell('status')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE               DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         failed   127.0.0.1:PORT         postgres:5432                evplat-test/ends:1  exit code 3
      |
      | see \`evplat logs postgres\`; \`evplat up\` starts it again"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })

  test('never answers', async () => {
    const stage = setStage()
    const image = await imageThat(stage.docker, 'waits', waits)
    stage.declare('ports: auto', withImage('kafka', image))
    expect(await stage.tell('up kafka', { env: fastClock(60) })).toMatchInlineSnapshot(`
      "exit 1
      error[server-not-ready]: kafka is not ready after 3 min: 127.0.0.1:PORT closed the connection during ApiVersions
        try: see \`evplat logs kafka\`; \`evplat down\` stops it"
    `)
    stage.declare('ports: auto')
    expect(await stage.tell('up kafka')).toBe(kafkaIsUp)
  })

  test('is killed while it takes more memory than there is', async () => {
    const stage = setStage()
    const greedy = 'echo hungry; until [ -e /go ]; do sleep 0.1; done; x=0123456789; while :; do x=$x$x; done'
    stage.declare('ports: auto', withPostgres, withImage('postgres', await imageThat(stage.docker, 'greedy', greedy)))
    const up = stage.start('up postgres')
    await stage.logged('shop-postgres-1', /hungry/)
    await stage.docker(['update', '--memory', '32m', '--memory-swap', '32m', 'shop-postgres-1'])
    await stage.docker(['exec', 'shop-postgres-1', 'sh', '-c', ': >/go'])
    expect(stage.told(await up.ended)).toMatchInlineSnapshot(`
      "exit 1
      error[server-failed]: postgres ended with exit code 137 (SIGKILL) while it was started: there was no more memory for it
        server: hungry
        try: give the engine more memory, or stop other containers; then \`evplat up\`"
    `)
    expect(await stage.tell('status')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE                 DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         failed   127.0.0.1:PORT         postgres:5432                evplat-test/greedy:1  exit code 137 (SIGKILL): there was no more memory for it
      |
      | see \`evplat logs postgres\`; \`evplat up\` starts it again"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })

  test('is killed while the stack is up', async () => {
    const stage = setStage()
    stage.declare('ports: auto')
    expect(await stage.tell('up')).toMatch(/^exit 0/)
    const endpoints = await stage.endpoints()
    appendFileSync(join(stage.folder, 'platform.yaml'), 'topics: { orders: { value: string } }\n')
    expect(await stage.tell('apply --yes')).toMatch(/^exit 0/)
    expect(await stage.tell('produce orders', { input: 'one\ntwo\n' })).toMatchInlineSnapshot(`
      "exit 0
      | 2 records written to orders"
    `)
    await stage.docker(['kill', 'shop-kafka-1'])
    expect(await stage.tell('status')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE   ENDPOINT               INSIDE                       IMAGE                                  HEALTH  SINCE  MEMORY  DETAIL
      | kafka            failed  127.0.0.1:PORT         kafka:29092                  confluentinc/cp-kafka:7.9.1                                   exit code 137 (SIGKILL)
      | schema-registry  ready   http://127.0.0.1:PORT  http://schema-registry:8081  confluentinc/cp-schema-registry:7.9.1  HEALTH  TIME   MEMORY
      |
      | see \`evplat logs kafka\`; \`evplat up\` starts it again"
    `)
    expect(await stage.tell('up')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE  ENDPOINT               INSIDE                       IMAGE                                  HEALTH  DETAIL
      | kafka            ready  127.0.0.1:PORT         kafka:29092                  confluentinc/cp-kafka:7.9.1
      | schema-registry  ready  http://127.0.0.1:PORT  http://schema-registry:8081  confluentinc/cp-schema-registry:7.9.1  HEALTH
      |
      | next: \`evplat apply\`
      kafka is ready at 127.0.0.1:PORT (TIME)"
    `)
    expect(await stage.endpoints()).toEqual(endpoints)
    expect(await stage.tell('consume orders -o raw --exit')).toMatchInlineSnapshot(`
      "exit 0
      | one
      | two"
    `)
  })
})
