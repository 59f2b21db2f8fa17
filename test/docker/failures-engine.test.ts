// Trouble with the engine itself: what is told, and that `up` succeeds once the cause is gone.
import { describe, expect, onTestFinished, test } from 'vitest'
import { needed } from '../support/found.ts'
import { missingUser, openToAll, unprivileged } from '../support/file-systems.ts'
import { serveImages } from '../support/image-registry.ts'
import { skipNote } from '../support/native-runtime.ts'
import { heldImage, imageThat, withImage } from './failure-images.ts'
import { postgresIsUp, setStage, withPostgres } from './failure-stage.ts'
import { killDaemon, startDaemon } from './lab/daemon.ts'
import { labEngine } from './lab/lab-engine.ts'
import { missingLab } from './lab-platform.ts'

const missing = missingLab()
const missingOther = missing ?? missingUser

/** a script that ends only when it is asked to a second time: by the engine that starts anew */
const endsAtSecond = `trap 'echo asked to end; trap "exit 0" INT TERM' INT TERM; echo begun; while :; do sleep 0.1; done`

describe.skipIf(missing !== undefined)(`an engine${skipNote(missing)}`, () => {
  test('that is not there', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres)
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    expect(await stage.tell('up postgres', { env })).toMatchInlineSnapshot(`
      "exit 69
      error[engine-missing]: no container engine answers
        tried: unix:///nowhere/docker.sock (DOCKER_HOST): not there
        try: start Docker or Podman, or name its socket in DOCKER_HOST; or let \`stack.runtime\` in platform.yaml be \`embedded\`, which needs no engine"
    `)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
    expect(await stage.tell('status', { env })).toMatchInlineSnapshot(`
      "exit 69
      error[engine-missing]: no container engine answers
        tried: unix:///nowhere/docker.sock (DOCKER_HOST): not there
        try: start Docker or Podman, or name its socket in DOCKER_HOST; or let \`stack.runtime\` in platform.yaml be \`embedded\`, which needs no engine"
    `)
    expect(await stage.tell('down', { env })).toMatchInlineSnapshot(`
      "exit 69
      error[engine-missing]: no container engine answers
        tried: unix:///nowhere/docker.sock (DOCKER_HOST): not there
        try: start Docker or Podman, or name its socket in DOCKER_HOST; or let \`stack.runtime\` in platform.yaml be \`embedded\`, which needs no engine"
    `)
  })

  test.skipIf(missingOther !== undefined)(`that this user may not use${skipNote(missingOther)}`, async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres)
    openToAll(stage.folder)
    expect(await stage.tell('up postgres', unprivileged)).toMatchInlineSnapshot(`
      "exit 77
      error[engine-denied]: this user may not use the engine at "unix://SOCKET"
        tried: unix://SOCKET (DOCKER_HOST): this user may not
        try: let this user use it: \`sudo usermod -aG docker $USER\`, and log in again; \`evplat doctor\` shows what was tried"
    `)
    expect(await stage.tell('up postgres')).toMatch(/^exit 0/)
  })

  test('that dies while a server starts', async () => {
    const place = needed(labEngine())
    const stage = setStage()
    const { image, release } = await heldImage(stage.docker, 'held', 'postgres:17')
    stage.declare('ports: auto', withPostgres, withImage('postgres', image))
    const up = stage.start('up postgres')
    onTestFinished(() => startDaemon(place))
    await stage.logged('shop-postgres-1', /waiting/)
    await killDaemon(place)
    expect(stage.told(await up.ended)).toMatchInlineSnapshot(`
      "exit 69
      error[engine-away]: Docker VERSION at unix://SOCKET does not answer any more: REASON
        try: see whether it runs with \`evplat doctor\`; then run the command again: it goes on where this one ended"
    `)
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 69
      error[engine-missing]: no container engine answers
        tried: unix://SOCKET (DOCKER_HOST): nobody listens there
        try: start Docker or Podman, or name its socket in DOCKER_HOST; or let \`stack.runtime\` in platform.yaml be \`embedded\`, which needs no engine"
    `)
    await startDaemon(place)
    expect(await stage.tell('status')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE               DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         stopped  127.0.0.1:PORT         postgres:5432                evplat-test/held:1  exit code 0
      |
      | start it with \`evplat up\`"
    `)
    await release('shop-postgres-1')
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE               DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         ready    127.0.0.1:PORT         postgres:5432                evplat-test/held:1
      |
      | start it with \`evplat up\`
      postgres is ready at 127.0.0.1:PORT (TIME)"
    `)
  })

  test('that dies while a server is stopped', async () => {
    const place = needed(labEngine())
    const stage = setStage()
    const image = await imageThat(stage.docker, 'slow', endsAtSecond)
    stage.declare('ports: auto', withPostgres, withImage('postgres', image))
    const up = stage.start('up postgres')
    onTestFinished(() => startDaemon(place))
    await stage.logged('shop-postgres-1', /begun/)
    up.kill('SIGINT')
    await up.ended
    const down = stage.start('down')
    await stage.logged('shop-postgres-1', /asked to end/)
    await killDaemon(place)
    expect(stage.told(await down.ended)).toMatchInlineSnapshot(`
      "exit 69
      error[engine-away]: Docker VERSION at unix://SOCKET does not answer any more: REASON
        try: see whether it runs with \`evplat doctor\`; then run the command again: it goes on where this one ended"
    `)
    await startDaemon(place)
    expect(await stage.tell('down')).toMatchInlineSnapshot(`
      "exit 0
      | nothing was running"
    `)
    expect(await stage.docker(['ps', '--all', '--quiet'])).toBe('')
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toMatch(/^exit 0/)
  })

  test('that dies while it pulls an image', async () => {
    const place = needed(labEngine())
    let answer: (value?: unknown) => void = () => undefined
    const { image } = await serveImages(undefined, new Promise((resolve) => (answer = resolve)))
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', image))
    const up = stage.start('up postgres')
    onTestFinished(() => startDaemon(place))
    await up.until((_, stderr) => stderr.includes('pulling'))
    await killDaemon(place)
    expect(stage.told(await up.ended)).toMatchInlineSnapshot(`
      "exit 69
      pulling 127.0.0.1:PORT/shop/tiny:1 (the engine tells their size as they come)
      error[engine-away]: Docker VERSION at unix://SOCKET does not answer any more: REASON
        try: see whether it runs with \`evplat doctor\`; then run the command again: it goes on where this one ended"
    `)
    answer()
    await startDaemon(place)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toMatch(/^exit 0/)
  })
})
