// The package as users install it: no dependencies, no install script, and it works in an empty folder.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { block } from '../support/block.ts'
import { plainEnv, temporaryFolder } from '../support/evplat.ts'
import { type Packed, installInto, packPackages } from '../support/packed.ts'

let packed: Packed
beforeAll(() => {
  packed = packPackages()
})

/** A new folder of a user who has installed the package, and nothing else. */
const installPackage = (): string => installInto(temporaryFolder(), { name: 'user' }, '--offline', packed.evplat)

test('installs alone, and init, verify and the commands of the written CI work with it', () => {
  const folder = installPackage()
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['evplat'])
  const own = join(folder, 'node_modules/evplat')
  const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as Record<string, unknown>
  expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([])
  const licences = readFileSync(join(own, 'THIRD-PARTY-LICENSES.txt'), 'utf8')
  for (const inside of ['kafkajs 2.2.4', 'dockerode 5.0.1', 'docker-modem', 'tar-fs 2.1.4'])
    expect(licences).toContain(inside)
  expect(licences).not.toContain('ssh2')
  expect(existsSync(join(own, 'src'))).toBe(false)

  const bin = join(folder, 'node_modules/.bin')
  const env = { ...plainEnv(), PATH: `${bin}:${process.env['PATH']}` }
  const sh = (line: string, cwd: string): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', line], { cwd, encoding: 'utf8', env })
    return { status, text: stdout + stderr }
  }
  expect(sh('evplat --version', folder)).toMatchObject({ status: 0, text: `${String(manifest['version'])}\n` })
  for (const [ci, more, next] of [
    ['github', '', 'evplat dev'],
    ['gitlab', ' --bare', 'evplat up'],
  ] as const) {
    const platform = join(folder, ci)
    mkdirSync(platform)
    const init = sh(`evplat init --ci ${ci} --yes${more}`, platform)
    expect(init.status, init.text).toBe(0)
    expect(init.text).toContain(`next: \`${next}\``)
    const workflow = readFileSync(
      join(platform, ci === 'github' ? '.github/workflows/platform.yml' : '.gitlab-ci.yml'),
      'utf8',
    )
    const commands = [...workflow.matchAll(/^\s*- (?:run: )?((?:npm|npx|evplat) .*)$/gm)].map((m) => m[1]!)
    expect(commands.length).toBe(more === '' ? 3 : 2)
    for (const command of commands) {
      // the package is not published while it is tested: it is installed from the file instead
      const ran = sh(
        command.replace(
          /^npm install --global evplat@\S+$/,
          `npm install --offline --prefix ${join(platform, 'global')} --global ${packed.evplat}`,
        ),
        platform,
      )
      expect(ran.status, `${command}\n${ran.text}`).toBe(0)
    }
  }
}, 180_000)

/** What a user's test may be: kafkajs writes and reads, a fault befalls it, and everything ends by itself. */
const userProgram = block`
  import kafkajs from 'kafkajs'
  import { startEmbedded } from 'evplat/embedded'

  const refused = async (options) => startEmbedded(options).then(() => 'started', ({ code, message }) => ({ code, message }))
  const told = { host: await refused({ host: '0.0.0.0' }), listeners: await refused({ configs: { listeners: 'PLAINTEXT://:9092' } }) }

  const embedded = await startEmbedded({ configs: { 'num.partitions': '2' } })
  const kafka = new kafkajs.Kafka({ brokers: [embedded.bootstrap], logLevel: kafkajs.logLevel.NOTHING })
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  embedded.faults.add({ match: { api: 'Produce', topic: 'orders' }, count: 1, do: 'disconnect-before' })
  await producer.send({ topic: 'orders', messages: [{ key: 'a', value: 'one' }, { key: 'b', value: 'two' }] })
  const faultsLeft = embedded.faults.list().length
  await producer.disconnect()

  const consumer = kafka.consumer({ groupId: 'readers' })
  await consumer.connect()
  await consumer.subscribe({ topic: 'orders', fromBeginning: true })
  const values = []
  await new Promise((resolve) => consumer.run({ eachMessage: async ({ message }) => {
    values.push(String(message.value))
    if (values.length === 2) resolve()
  } }))
  await consumer.disconnect()
  const subjects = await (await fetch(embedded.registryUrl + '/subjects')).json()
  await embedded.close()
  console.log(JSON.stringify({ ...told, faultsLeft, values: values.sort(), subjects }))
`

test('`evplat/embedded` serves kafkajs in the process of the user, who may end when it is closed', () => {
  const folder = installPackage()
  cpSync(resolve('node_modules/kafkajs'), join(folder, 'node_modules/kafkajs'), { recursive: true })
  writeFileSync(join(folder, 'test.js'), userProgram)
  const ran = spawnSync(process.execPath, ['test.js'], {
    cwd: folder,
    encoding: 'utf8',
    env: plainEnv(),
    timeout: 50_000,
  })
  expect([ran.status, ran.stderr], ran.stdout).toEqual([0, ''])
  const elsewhere = (name: string): unknown => ({
    code: 'loopback-only',
    message: `"${name}" can not be set: the embedded broker listens on 127.0.0.1 and ::1 alone`,
  })
  expect(JSON.parse(ran.stdout)).toEqual({
    host: elsewhere('host'),
    listeners: elsewhere('listeners'),
    faultsLeft: 0,
    values: ['one', 'two'],
    subjects: [],
  })
})

test('`evplat/embedded` has types, which refuse what it does not take', () => {
  const folder = installPackage()
  const compile = (line: string): string => {
    writeFileSync(join(folder, 'user.ts'), `import { type Embedded, startEmbedded } from 'evplat/embedded'\n${line}\n`)
    const args = ['--noEmit', '--strict', '--module', 'nodenext', '--lib', 'es2022', '--types', '', 'user.ts']
    return spawnSync(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout
  }
  expect(
    compile("const e: Embedded = await startEmbedded({ data: '/tmp/x' })\nexport const to: string = e.bootstrap"),
  ).toBe('')
  expect(compile("await startEmbedded({ host: '0.0.0.0' })")).toContain(
    "'host' does not exist in type 'EmbeddedOptions'",
  )
  expect(compile("(await startEmbedded()).faults.add({ match: {}, do: 'explode' })")).toContain('"explode"')
})
