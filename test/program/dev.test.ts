// evplat dev with services of plain JavaScript: what it does for any service, whatever that is made with.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Platform, answers, leftovers, newPlatform, processesOf, removePlatforms } from '../support/platforms.ts'

afterAll(removePlatforms)

const program = (text: string): string => `
setInterval(() => {}, 1000)
process.on('SIGTERM', () => { console.log('bye'); process.exit(0) })
console.log(${text})
`

async function writeService({ folder }: Platform, name: string, code: string): Promise<void> {
  await mkdir(join(folder, 'services', name, 'src'), { recursive: true })
  const start = { type: 'module', scripts: { start: 'node src/main.js' } }
  await writeFile(join(folder, 'services', name, 'package.json'), JSON.stringify({ name, ...start }))
  await writeFile(join(folder, 'services', name, 'src/main.js'), code)
}

const newShop = (services: string): Promise<Platform> => newPlatform({ runtime: 'embedded', services, name: 'dev-' })

describe('evplat dev', () => {
  test('runs all services in one log, brings changes to them, and ends all that it has started', async () => {
    const shop = await newShop('orders: { port: 18080 }, billing: {}, planned: {}')
    await writeService(shop, 'orders', program('process.env.SERVER_PORT, process.env.KAFKA_BOOTSTRAP_SERVERS'))
    await writeService(shop, 'billing', program('process.env.SCHEMA_REGISTRY_URL, process.env.SERVER_PORT'))
    const dev = shop.start('dev')
    await dev.printed(/billing \| http.*\n/)
    await dev.printed(/orders {2}\| 18080/)
    const [kafka, registry] = [await shop.endpoint('kafka'), await shop.endpoint('schema-registry')]
    await writeFile(join(shop.folder, 'services/orders/src/main.js'), 'console.error("broken"); process.exit(3)\n')
    await dev.said(/orders ended with exit code 3; started again in 1 s/)
    await writeFile(join(shop.folder, 'services/orders/src/main.js'), program('"mended"'))
    await dev.printed(/orders {2}\| mended/)
    await writeFile(
      join(shop.folder, 'platform.yaml'),
      `apiVersion: evplat/v1\nname: trial\nstack: { runtime: embedded, ports: auto }\ntopics: { added: {} }\nservices: { orders: { port: 18080 }, billing: {} }\n`,
    )
    await dev.said(/\+ topic added/)
    await dev.said(/Applied: 1 done/)
    dev.kill('SIGINT')
    const { code, stdout, stderr } = await dev.ended
    expect(code).toBe(130)
    expect(stdout.split('\n').filter((line) => line.startsWith('billing'))).toEqual([
      `billing | ${registry} undefined`,
      'billing | bye',
    ])
    expect(stdout.split('\n')[stdout.startsWith('orders') ? 0 : 1]).toBe(`orders  | 18080 ${kafka}`)
    expect(stderr).toContain('planned: there is no ')
    expect(await answers(Number(kafka.split(':')[1]))).toBe(false)
    expect(processesOf(shop.folder)).toEqual([])
    expect(await leftovers(shop)).toEqual([])
  })

  test('leaves a stack alone that ran before, and runs those services only that are named', async () => {
    const shop = await newShop('orders: {}, billing: {}')
    await writeService(shop, 'orders', program('"orders are up"'))
    await writeService(shop, 'billing', program('"billing is up"'))
    await shop.succeed('up')
    const pid = await shop.pidOf('kafka')
    const dev = shop.start('dev', 'billing')
    await dev.printed(/billing is up\n/)
    dev.kill('SIGTERM')
    const { code, stdout } = await dev.ended
    expect({ code, stdout }).toEqual({ code: 130, stdout: 'billing | billing is up\nbilling | bye\n' })
    expect(await shop.pidOf('kafka')).toBe(pid)
    expect(await answers(Number((await shop.endpoint('kafka')).split(':')[1]))).toBe(true)
  })

  test('installs packages that are missing, once', async () => {
    const shop = await newShop('orders: {}')
    await writeService(shop, 'orders', program('(await import("words")).default'))
    await mkdir(join(shop.folder, 'words'))
    await writeFile(
      join(shop.folder, 'words/package.json'),
      '{ "name": "words", "version": "1.0.0", "type": "module", "exports": "./words.js" }',
    )
    await writeFile(join(shop.folder, 'words/words.js'), 'export default "installed"\n')
    await writeFile(
      join(shop.folder, 'package.json'),
      JSON.stringify({ private: true, workspaces: ['services/*'], dependencies: { words: 'file:words' } }),
    )
    for (const expected of [1, 0]) {
      const dev = shop.start('dev')
      await dev.printed(/orders \| installed/)
      dev.kill('SIGINT')
      const { stderr } = await dev.ended
      expect(stderr.split('\n').filter((line) => line === 'npm install')).toHaveLength(expected)
    }
  })

  test('refuses a service that is not declared', async () => {
    const shop = await newShop('orders: {}, billing: {}')
    const { code, stderr } = await shop.run('dev', 'order')
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringContaining('declares no service "order"') as unknown,
    })
    expect(stderr).toContain('it declares orders, billing')
  })
})
