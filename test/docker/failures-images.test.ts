// Images that are not to be had or not to be run: what is told, and that `up` succeeds once the cause is gone.
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serveImages } from '../support/image-registry.ts'
import { skipNote } from '../support/native-runtime.ts'
import { temporaryFolder } from '../support/evplat.ts'
import { freePort } from '../support/free-port.ts'
import { withImage } from './failure-images.ts'
import { postgresIsUp, setStage, withPostgres } from './failure-stage.ts'
import { missingLab } from './lab-platform.ts'
import type { Docker } from './lab/client.ts'
import { run } from './lab/run.ts'

const missing = missingLab()

/** The head of a program for the processors of ARM (elf(5)): 64 bytes, e_machine 183. */
function armProgram(): Buffer {
  const head = Buffer.alloc(64)
  head.write('\x7fELF\x02\x01\x01', 'latin1')
  head.writeUInt16LE(2, 16)
  head.writeUInt16LE(183, 18)
  head.writeUInt32LE(1, 20)
  head.writeUInt16LE(64, 52)
  return head
}

/** An image with a program that this machine can't run, whatever the image says of itself. */
async function imageForArm(docker: Docker): Promise<string> {
  const folder = temporaryFolder()
  await writeFile(join(folder, 'program'), armProgram())
  await chmod(join(folder, 'program'), 0o755)
  const archive = join(temporaryFolder(), 'image.tar')
  await run('tar', ['-C', folder, '-cf', archive, 'program'])
  const image = 'evplat-test/arm:1'
  await docker(['import', '--platform', 'linux/arm64', '--change', 'ENTRYPOINT ["/program"]', archive, image])
  onTestFinished(async () => void (await docker(['image', 'rm', '--force', image])))
  return image
}

describe.skipIf(missing !== undefined)(`an image${skipNote(missing)}`, () => {
  test('that its registry does not have', async () => {
    const { name } = await serveImages()
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', `${name}/shop/tiny:2`))
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      pulling 127.0.0.1:PORT/shop/tiny:2 (the engine tells their size as they come)
      error[image-missing]: there is no image "127.0.0.1:PORT/shop/tiny:2"
        engine: manifest unknown
        try: is its name right? \`stack.images\` in platform.yaml names another; then \`evplat up\`"
    `)
    expect(await stage.tell('status')).toMatchInlineSnapshot(`
      "exit 0
      | SERVER           STATE    ENDPOINT       INSIDE                       DETAIL
      | kafka            stopped  (a free port)  kafka:29092
      | schema-registry  stopped  (a free port)  http://schema-registry:8081
      | postgres         stopped  (a free port)  postgres:5432
      |
      | start it with \`evplat up\`"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })

  test('whose registry is not reached', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', `127.0.0.1:${await freePort()}/postgres:17`))
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      pulling 127.0.0.1:PORT/postgres:17 (the engine tells their size as they come)
      error[download-failed]: image "127.0.0.1:PORT/postgres:17" could not be fetched
        engine: Get "http://127.0.0.1:PORT/v2/": dial tcp 127.0.0.1:PORT: connect: connection refused
        try: the engine has to reach 127.0.0.1:PORT: look at its network and proxy, or name a registry that it reaches by \`stack.images\`"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toMatch(/^exit 0/)
  })

  test('that is not there and not to be pulled', async () => {
    const stage = setStage()
    const images = 'images: { kafka: "nobody/kafka:1", schema-registry: "nobody/registry:1" }'
    stage.declare('ports: auto', withPostgres, images)
    expect(await stage.tell('up --pull never')).toMatchInlineSnapshot(`
      "exit 1
      error[image-missing]: there are no images "nobody/kafka:1", "nobody/registry:1", and none is to be pulled
        try: pull what is missing with \`evplat up --pull missing\`, or name others in platform.yaml: \`stack.images\`"
    `)
    expect(await stage.docker(['ps', '--all', '--quiet'])).toBe('')
    expect(await stage.tell('up postgres --pull never')).toBe(postgresIsUp)
  })

  test('that has its longer name in platform.yaml is there', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', 'docker.io/library/postgres:17'))
    expect(await stage.tell('up postgres --pull never')).toMatch(/^exit 0/)
  })

  test('for another processor that its registry has', async () => {
    const { strange } = await serveImages()
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', strange))
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      pulling 127.0.0.1:PORT/shop/tiny:strange (the engine tells their size as they come)
      error[image-unfit]: image "127.0.0.1:PORT/shop/tiny:strange" is not made for the processor of the engine
        engine: no matching manifest for linux/amd64 in the manifest list entries
        try: name one that is in platform.yaml: \`stack.images\`"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toMatch(/^exit 0/)
  })

  test('for another processor that is there', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres, withImage('postgres', await imageForArm(stage.docker)))
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[image-unfit]: the image of postgres is not made for the processor of the engine
        engine: exec /program: exec format error
        try: name one that is in platform.yaml: \`stack.images\`; then \`evplat up\`"
    `)
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })
})
