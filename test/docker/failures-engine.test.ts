// Trouble with the engine itself: what is told, and that `up` succeeds once the cause is gone.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { needed } from '../support/found.ts'
import { missingUser, openToAll, unprivileged } from '../support/file-systems.ts'
import { serveImages } from '../support/image-registry.ts'
import { skipNote } from '../support/native-runtime.ts'
import { kafkaStarts, setStage, withImage, withPostgres } from './failure-stage.ts'
import { killDaemon, startDaemon } from './lab/daemon.ts'
import { labEngine } from './lab/lab-engine.ts'
import { missingLab } from './lab-platform.ts'
import { mountSmallDisk } from './small-disk.ts'

const missing = missingLab()
const missingOther = missing ?? missingUser

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
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE        DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         ready    127.0.0.1:PORT         postgres:5432                postgres:17
      |
      | start it with \`evplat up\`
      postgres is ready at 127.0.0.1:PORT (TIME)"
    `)
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
    stage.declare('ports: auto')
    const up = stage.start('up kafka')
    onTestFinished(() => startDaemon(place))
    await stage.logged('shop-kafka-1', kafkaStarts)
    await killDaemon(place)
    expect(stage.told(await up.ended)).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE                        DETAIL
      | kafka            ready    127.0.0.1:PORT         kafka:29092                  confluentinc/cp-kafka:7.9.1
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      |
      | start it with \`evplat up\`
      kafka is ready at 127.0.0.1:PORT (TIME)"
    `)
    expect(await stage.tell('up kafka')).toMatchInlineSnapshot(`
      "exit 69
      error[engine-missing]: no container engine answers
        tried: unix://SOCKET (DOCKER_HOST): nobody listens there
        try: start Docker or Podman, or name its socket in DOCKER_HOST; or let \`stack.runtime\` in platform.yaml be \`embedded\`, which needs no engine"
    `)
    await startDaemon(place)
    expect(await stage.tell('status')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE                        DETAIL
      | kafka            failed   127.0.0.1:PORT         kafka:29092                  confluentinc/cp-kafka:7.9.1  exit code 143 (SIGTERM)
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      |
      | see \`evplat logs kafka\`; \`evplat up\` starts it again"
    `)
    expect(await stage.tell('up kafka')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE                        DETAIL
      | kafka            ready    127.0.0.1:PORT         kafka:29092                  confluentinc/cp-kafka:7.9.1
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      |
      | start it with \`evplat up\`
      kafka is ready at 127.0.0.1:PORT (TIME)"
    `)
  })

  test('that has no room for a container', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres)
    const disk = await mountSmallDisk(join(needed(labEngine()).dataRoot, 'containers'), 8 << 20)
    disk.fill()
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[disk-full]: the disk of the container engine is full
        engine: mkdir DATA/containers/ID: no space left on device
        try: make room there: \`docker system df\` shows what takes it; then run the command again"
    `)
    await disk.free()
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE        DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         ready    127.0.0.1:PORT         postgres:5432                postgres:17
      |
      | start it with \`evplat up\`
      postgres is ready at 127.0.0.1:PORT (TIME)"
    `)
    expect(await stage.tell('down')).toMatchInlineSnapshot(`
      "exit 0
      | stopped postgres"
    `)
  })

  test('that has no room for an image', async () => {
    const { image } = await serveImages()
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', image))
    const disk = await mountSmallDisk(join(needed(labEngine()).dataRoot, 'tmp'), 8 << 20)
    disk.fill(100_000)
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      pulling 127.0.0.1:PORT/shop/tiny:1 (the engine tells their size as they come)
      error[disk-full]: the disk of the container engine is full
        engine: write DATA/tmp/GetImageBlobN: no space left on device
        try: make room there: \`docker system df\` shows what takes it; then run the command again"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE        DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         ready    127.0.0.1:PORT         postgres:5432                postgres:17
      |
      | start it with \`evplat up\`
      postgres is ready at 127.0.0.1:PORT (TIME)"
    `)
  })

  test('that has no room for data', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres)
    const folder = join(stage.folder, 'disk')
    const disk = await mountSmallDisk(folder, 128 << 20)
    disk.fill(4 << 20)
    await mkdir(join(folder, 'data'))
    await mkdir(join(stage.folder, '.evplat/secrets'), { recursive: true, mode: 0o700 })
    await writeFile(join(stage.folder, '.evplat/secrets/postgres'), 'secret', { mode: 0o600 })
    const options = ['type=none', 'o=bind', `device=${join(folder, 'data')}`].flatMap((option) => ['--opt', option])
    const label = ['--label', 'com.docker.compose.project=shop', '--label', 'com.docker.compose.volume=postgres-data']
    await stage.docker(['volume', 'create', ...options, ...label, 'shop_postgres-data'])
    const [before, words, after] = (await stage.tell('up postgres')).split(/(?<=server: )|(?=\n {2}try: )/)
    expect(words).toContain('No space left on device')
    expect([before, after].join('...')).toMatchInlineSnapshot(`
      "exit 1
      error[server-failed]: postgres ended with exit code 1 while it was started
        server: ...
        try: the disk of its volume is full: make room there (\`docker system df\` shows what takes it); then \`evplat up\`"
    `)
    await disk.free()
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT               INSIDE                       IMAGE        DETAIL
      | kafka            stopped  127.0.0.1:PORT         kafka:29092
      | schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
      | postgres         ready    127.0.0.1:PORT         postgres:5432                postgres:17
      |
      | start it with \`evplat up\`
      postgres is ready at 127.0.0.1:PORT (TIME)"
    `)
  })
})
