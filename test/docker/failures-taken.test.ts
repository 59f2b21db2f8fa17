// Names and ports that others have on a real engine: what is told, and that `up` succeeds once they have gone.
import { once } from 'node:events'
import { type AddressInfo, type Server, createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serveImages } from '../support/image-registry.ts'
import { skipNote } from '../support/native-runtime.ts'
import { freePort } from '../support/free-port.ts'
import { imageThat, waits, withImage } from './failure-images.ts'
import { postgresIsUp, setStage, withPostgres } from './failure-stage.ts'
import { missingLab } from './lab-platform.ts'

const missing = missingLab()

const portOf = (server: Server): number => (server.address() as AddressInfo).port

describe.skipIf(missing !== undefined)(`a name of a container${skipNote(missing)}`, () => {
  test('is that of a container of others', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres)
    const image = await imageThat(stage.docker, 'waits', waits)
    await stage.docker(['run', '--detach', '--name', 'shop-postgres-1', image])
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[name-taken]: there is another container "shop-postgres-1"
        try: remove it, if it is not needed, by \`docker rm -f shop-postgres-1\`; or give the platform another name"
    `)
    await stage.docker(['rm', '--force', 'shop-postgres-1'])
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })

  test('is that of a platform in another folder', async () => {
    const other = setStage()
    other.declare('ports: auto', withPostgres)
    expect(await other.tell('up postgres')).toMatch(/^exit 0/)
    const stage = setStage()
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[project-taken]: the engine has containers of another platform "shop"
        try: stop that one with \`evplat down\` in its own folder, or give this platform another \`name\`"
    `)
    expect(await stage.tell('down')).toMatchInlineSnapshot(`
      "exit 1
      error[project-taken]: the engine has containers of another platform "shop"
        try: stop that one with \`evplat down\` in its own folder, or give this platform another \`name\`"
    `)
    expect(await other.tell('down')).toMatchInlineSnapshot(`
      "exit 0
      | stopped postgres"
    `)
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[stack-unreadable]: postgres has data in volume "shop_postgres-data", and its password "FOLDER/.evplat/secrets/postgres" is gone
        try: put it back, or give the platform another \`name\` where the data is of another folder; or delete the data with \`evplat down --volumes\`, then \`evplat up\`"
    `)
    expect(await other.tell('down --volumes --yes')).toMatchInlineSnapshot(`
      "exit 0
      | nothing was running
      | deleted postgres-data in volumes of the project "shop" at Docker VERSION at unix://SOCKET"
    `)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })
})

describe.skipIf(missing !== undefined)(`a port of a container${skipNote(missing)}`, () => {
  test('is taken by a process', async () => {
    const stage = setStage()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    stage.declare(`ports: { postgres: ${portOf(taken)} }`, withPostgres)
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[port-taken]: port PORT of postgres is taken by process PID (node)
        try: stop it, or set another port in platform.yaml under \`stack.ports\`; then \`evplat up\`"
    `)
    taken.close()
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })

  test('is taken by a container of another project', async () => {
    const stage = setStage()
    const port = await freePort()
    const publish = ['--publish', `127.0.0.1:${port}:80`, '--expose', '80']
    const image = await imageThat(stage.docker, 'waits', waits)
    await stage.docker(['run', '--detach', ...publish, '--name', 'other-web-1', image])
    stage.declare(`ports: { postgres: ${port} }`, withPostgres)
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[port-taken]: port PORT of postgres is taken by container "other-web-1"
        try: stop it with \`docker stop other-web-1\`, or set another port in platform.yaml under \`stack.ports\`; then \`evplat up\`"
    `)
    await stage.docker(['stop', 'other-web-1'])
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })

  test('is taken while its image is pulled: what was half made is removed', async () => {
    const stage = setStage()
    const port = await freePort()
    const taken = createServer()
    onTestFinished(() => void taken.close())
    const { image } = await serveImages(undefined, once(taken, 'listening'))
    stage.declare(`ports: { postgres: ${port} }`, withPostgres, withImage('postgres', image))
    const up = stage.start('up postgres')
    await up.until((_, stderr) => stderr.includes('pulling'))
    taken.listen(port, '127.0.0.1')
    expect(stage.told(await up.ended)).toMatchInlineSnapshot(`
      "exit 1
      pulling 127.0.0.1:PORT/shop/tiny:1 (the engine tells their size as they come)
      pulled 127.0.0.1:PORT/shop/tiny:1 (587KiB)
      error[port-taken]: port PORT of postgres is taken by process PID (node)
        try: stop it, or set another port in platform.yaml under \`stack.ports\`; then \`evplat up\`"
    `)
    expect(await stage.docker(['ps', '--all', '--quiet'])).toBe('')
    taken.close()
    stage.declare(`ports: { postgres: ${port} }`, withPostgres)
    expect(await stage.tell('up postgres')).toMatch(/^exit 0/)
  })
})
