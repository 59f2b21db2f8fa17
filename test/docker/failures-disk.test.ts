// No room on a disk of the engine: what is told, and that `up` succeeds once there is some.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { needed } from '../support/found.ts'
import { serveImages } from '../support/image-registry.ts'
import { skipNote } from '../support/native-runtime.ts'
import { withImage } from './failure-images.ts'
import { postgresIsUp, setStage, withPostgres } from './failure-stage.ts'
import { labEngine } from './lab/lab-engine.ts'
import { missingLab } from './lab-platform.ts'
import { mountSmallDisk } from './small-disk.ts'

const missing = missingLab()

describe.skipIf(missing !== undefined)(`an engine${skipNote(missing)}`, () => {
  test('that has no room for a container', async () => {
    const stage = setStage()
    stage.declare('ports: auto', withPostgres)
    const disk = await mountSmallDisk(join(needed(labEngine()).dataRoot, 'containers'), 8 << 20)
    disk.fill()
    expect(await stage.tell('up postgres')).toMatchInlineSnapshot(`
      "exit 1
      error[disk-full]: the disk of the container engine is full
        engine: write DATA/FILE: no space left on device
        try: make room there: \`docker system df\` shows what takes it; then run the command again"
    `)
    await disk.free()
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
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
        engine: write DATA/FILE: no space left on device
        try: make room there: \`docker system df\` shows what takes it; then run the command again"
    `)
    await disk.free()
    await stage.docker(['pull', image])
    // what is served is no PostgreSQL
    stage.declare('ports: auto', withPostgres)
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
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
    expect(await stage.tell('up postgres')).toBe(postgresIsUp)
  })
})
