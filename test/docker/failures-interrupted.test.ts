// Ctrl-C in the middle of `up`, and two of them at once, on a real engine.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { needed } from '../support/found.ts'
import { serveImages } from '../support/image-registry.ts'
import { skipNote } from '../support/native-runtime.ts'
import { startRecordingEngine } from '../support/recording-engine.ts'
import { heldImage, withImage } from './failure-images.ts'
import { kafkaIsUp, postgresIsUp, setStage, withPostgres } from './failure-stage.ts'
import { clientEnvironment } from './lab/client.ts'
import { labEngine } from './lab/lab-engine.ts'
import { missingLab } from './lab-platform.ts'

const missing = missingLab()

const startInterrupted = `exit 130
what was started goes on: \`evplat up\` completes it, \`evplat down\` stops it
error[interrupted]: stopped before the end`

const kafka = 'confluentinc/cp-kafka:7.9.1'

describe.skipIf(missing !== undefined)(`up in containers${skipNote(missing)}`, () => {
  test('is interrupted while it pulls', async () => {
    let answer: (value?: unknown) => void = () => undefined
    const { image } = await serveImages(undefined, new Promise((resolve) => (answer = resolve)))
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', image))
    const up = stage.start('up postgres')
    await up.until((_, stderr) => stderr.includes('pulling'))
    up.kill('SIGINT')
    expect(stage.told(await up.ended)).toMatchInlineSnapshot(`
      "exit 130
      pulling 127.0.0.1:PORT/shop/tiny:1 (the engine tells their size as they come)
      nothing was started; what the engine has of the images stays there
      error[interrupted]: stopped before the end"
    `)
    answer()
    expect(await stage.tell('down')).toMatchInlineSnapshot(`
      "exit 0
      | nothing was running"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })

  test('is interrupted while a server starts; up completes it', async () => {
    const stage = setStage()
    const { image, release } = await heldImage(stage.docker, 'held', kafka)
    stage.declare('ports: auto', withImage('kafka', image))
    const up = stage.start('up')
    await stage.logged('shop-kafka-1', /waiting/)
    up.kill('SIGINT')
    expect(stage.told(await up.ended)).toBe(startInterrupted)
    expect(await stage.docker(['ps', '--format', '{{.Names}}'])).toBe('shop-kafka-1\n')
    await release('shop-kafka-1')
    expect(await stage.tell('up')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE  ENDPOINT               INSIDE                       IMAGE                                  HEALTH  DETAIL
      | kafka            ready  127.0.0.1:PORT         kafka:29092                  evplat-test/held:1                     HEALTH
      | schema-registry  ready  http://127.0.0.1:PORT  http://schema-registry:8081  confluentinc/cp-schema-registry:7.9.1
      |
      | next: \`evplat apply\`
      schema-registry is ready at http://127.0.0.1:PORT (TIME)"
    `)
  })

  test('is interrupted while a server starts; down stops all', async () => {
    const stage = setStage()
    const { image } = await heldImage(stage.docker, 'held', kafka)
    stage.declare('ports: auto', withImage('kafka', image))
    const up = stage.start('up')
    await stage.logged('shop-kafka-1', /waiting/)
    up.kill('SIGTERM')
    expect(stage.told(await up.ended)).toBe(startInterrupted)
    expect(await stage.tell('down')).toMatchInlineSnapshot(`
      "exit 0
      | stopped kafka"
    `)
    expect(await stage.docker(['ps', '--all', '--quiet'])).toBe('')
    expect(await stage.docker(['network', 'ls', '--quiet', '--filter', 'type=custom'])).toBe('')
  })

  test('is done by two at once: the second waits, and has nothing to do', async () => {
    const stage = setStage()
    const { image, release } = await heldImage(stage.docker, 'held', kafka)
    stage.declare('ports: auto', withImage('kafka', image))
    const first = stage.start('up kafka')
    await stage.logged('shop-kafka-1', /waiting/)
    const second = stage.start('up kafka')
    await second.until((_, stderr) => stderr.includes('waiting for it'))
    await release('shop-kafka-1')
    expect(stage.told(await first.ended)).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE               DETAIL
      | kafka            ready    127.0.0.1:PORT         kafka:29092                  evplat-test/held:1
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      |
      | start it with \`evplat up\`
      kafka is ready at 127.0.0.1:PORT (TIME)"
    `)
    expect(stage.told(await second.ended)).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE               HEALTH  DETAIL
      | kafka            ready    127.0.0.1:PORT         kafka:29092                  evplat-test/held:1  HEALTH
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      |
      | start it with \`evplat up\`
      another evplat (process PID) is working on this stack, waiting for it"
    `)
    expect(await stage.docker(['ps', '--all', '--format', '{{.Names}}'])).toBe('shop-kafka-1\n')
  })

  test('is begun while the engine still stops what a `down` that was killed had begun to stop', async () => {
    const stage = setStage()
    stage.declare('ports: auto')
    await stage.tell('up kafka')
    const down = stage.start('down')
    await stage.logged('shop-kafka-1', /Terminating process due to signal SIGTERM/)
    down.kill('SIGKILL')
    await down.ended
    expect(await stage.tell('up kafka')).toBe(kafkaIsUp)
    // it was not the end of the one before that answered
    expect(await stage.docker(['logs', 'shop-kafka-1'])).toMatch(/SIGTERM(.|\n)*Kafka version/)
    expect(readdirSync(join(stage.folder, '.evplat'))).not.toContainEqual(expect.stringContaining('stopping'))
  })

  test('looks again at what runs when it begins to wait', async () => {
    const stage = setStage()
    stage.declare('ports: auto')
    await stage.tell('up kafka')
    const env = clientEnvironment(needed(labEngine()))
    const proxy = await startRecordingEngine(needed(labEngine()).socket, (request) => {
      if (request === 'POST /networks/create') spawnSync('docker', ['kill', 'shop-kafka-1'], { env })
    })
    onTestFinished(() => proxy.close())
    expect(await stage.tell('up', { env: { DOCKER_HOST: proxy.host } })).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE  ENDPOINT               INSIDE                       IMAGE                                  DETAIL
      | kafka            ready  127.0.0.1:PORT         kafka:29092                  confluentinc/cp-kafka:7.9.1
      | schema-registry  ready  http://127.0.0.1:PORT  http://schema-registry:8081  confluentinc/cp-schema-registry:7.9.1
      |
      | next: \`evplat apply\`
      kafka is ready at 127.0.0.1:PORT (TIME)
      schema-registry is ready at http://127.0.0.1:PORT (TIME)"
    `)
  })
})
