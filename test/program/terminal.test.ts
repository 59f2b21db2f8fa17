// The program in a real terminal, as far as no Kafka is needed: what stands there is compared whole.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { skipNote } from '../support/native-runtime.ts'
import { temporaryFolder } from '../support/evplat.ts'
import { startTestRegistry } from '../support/registry-server.ts'
import { folderWith, platform } from '../support/told.ts'
import { openTerminal, terminalIsMissing } from '../support/terminal.ts'

const missing = terminalIsMissing()

describe.skipIf(missing !== undefined)(`in a terminal${skipNote(missing)}`, () => {
  describe('init', () => {
    test('asks for everything, and takes the answers', async () => {
      const cwd = temporaryFolder()
      const terminal = await openTerminal(['init', 'shop'], { cwd })
      await terminal.until('Name of the platform (shop)')
      terminal.type('My Shop')
      terminal.press('Enter')
      await terminal.until('for example my-shop')
      expect(terminal.text()).toMatchInlineSnapshot(`
        "? Name of the platform My Shop
        > small letters, digits and dashes, a letter first, for example my-shop"
      `)
      terminal.press('C-u')
      terminal.type('my-shop')
      terminal.press('Enter')
      await terminal.until('✔ Name of the platform my-shop')
      for (const [question, ...keys] of [
        ['? Runtime', 'Down', 'Down', 'Enter'],
        ['? Kafka', 'Enter'],
        ['? Coordination', 'Down', 'Enter'],
        ['? Brokers', 'Down', 'Enter'],
        ['? Ports', 'Down', 'Enter'],
        ['? Services', 'Down', 'Enter'],
        ['? CI', 'Down', 'Down', 'Enter'],
      ] as const) {
        await terminal.until(question)
        terminal.press(...keys)
      }
      expect(await terminal.ended()).toBe(0)
      expect(terminal.text()).toMatchInlineSnapshot(`
        "✔ Name of the platform my-shop
        ✔ Runtime native: Apache Kafka on the Java of this machine
        ✔ Kafka 3.9
        ✔ Coordination KRaft
        ✔ Brokers 3
        ✔ Ports whichever are free
        ✔ Services none: topics and schemas alone
        ✔ CI GitLab
        platform my-shop written to shop
          .gitignore
          .gitlab-ci.yml
          README.md
          platform.schema.json
          platform.yaml
          schemas/money.avsc
          schemas/order-placed.avsc

        next: \`evplat up -C shop\`, then \`evplat apply -C shop\`"
      `)
      const yaml = readFileSync(join(cwd, 'shop/platform.yaml'), 'utf8')
      expect(/^name: .*$/m.exec(yaml)?.[0]).toBe('name: my-shop')
      expect(/^stack:\n(?: .*\n)*/m.exec(yaml)?.[0]).toMatchInlineSnapshot(`
        "stack:
          runtime: native # Apache Kafka on the Java of this machine
          kafka: { version: "3.9", coordination: kraft, brokers: 3 }
          ports: auto
        "
      `)
      expect(existsSync(join(cwd, 'shop/.gitlab-ci.yml'))).toBe(true)
    })
    test('takes the defaults by Enter; the embedded runtime has no brokers to ask for', async () => {
      const cwd = temporaryFolder()
      const terminal = await openTerminal(['init', 'shop'], { cwd })
      for (const question of ['? Name of the platform', '? Runtime', '? Ports', '? Services', '? CI']) {
        await terminal.until(question)
        terminal.press('Enter')
      }
      expect(await terminal.ended()).toBe(0)
      expect(terminal.text()).toContain(
        '✔ Runtime embedded: a broker within Node\n✔ Ports 9092 and 8081\n✔ Services one that produces, one that listens\n✔ CI none\nplatform shop written to shop\n',
      )
      expect(/^stack:\n(?: .*\n)*/m.exec(readFileSync(join(cwd, 'shop/platform.yaml'), 'utf8'))?.[0]).toBe(
        'stack:\n  runtime: embedded # a broker within Node; `docker` and `native` are Apache Kafka, in containers and on the Java of this machine\n',
      )
    })
    test('takes the defaults by Enter, in a narrow window; there is no ZooKeeper to ask for with Kafka 4', async () => {
      const terminal = await openTerminal(['init', 'shop', '--kafka', '4.3'], { cwd: temporaryFolder(), columns: 40 })
      for (const question of ['? Name of the platform', '? Runtime', '? Brokers', '? Ports', '? Services', '? CI']) {
        await terminal.until(question)
        terminal.press('Enter')
      }
      expect(await terminal.ended()).toBe(0)
      expect(terminal.window()).toMatchInlineSnapshot(`
        "✔ Name of the platform shop
        ✔ Runtime native: Apache Kafka on the Ja
        va of this machine
        ✔ Brokers 1
        ✔ Ports 9092 and 8081
        ✔ Services one that produces, one that l
        istens
        ✔ CI none
        platform shop written to shop
          .gitignore
          README.md
          package.json
          platform.schema.json
          platform.yaml
          schemas/event.avsc
          schemas/money.avsc
          schemas/order-placed.avsc
          services/audit/
          services/gateway/
          vendor/

        next: \`evplat dev -C shop\`"
      `)
    })
    test('ends with Ctrl-C in the middle, and has written nothing', async () => {
      const cwd = temporaryFolder()
      const terminal = await openTerminal(['init', 'shop'], { cwd })
      await terminal.until('? Name of the platform')
      terminal.press('Enter')
      await terminal.until('? Runtime')
      terminal.press('C-c')
      expect(await terminal.ended()).toBe(130)
      expect(terminal.text()).toContain('\nerror[interrupted]: not answered, nothing was written')
      expect(existsSync(join(cwd, 'shop'))).toBe(false)
    })
    test('asks nothing with --yes', async () => {
      const terminal = await openTerminal(['init', '--yes'], { cwd: temporaryFolder() })
      expect(await terminal.ended()).toBe(0)
      expect(terminal.text()).not.toContain('?')
    })
  })

  test('status --watch draws over what it has drawn', async () => {
    const cwd = folderWith({ 'platform.yaml': platform('stack: { runtime: embedded }') })
    const terminal = await openTerminal(['status', '--watch'], { cwd })
    const looks = () => terminal.written().split('\x1b[H').length - 1
    await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThan(2)
    terminal.press('C-c')
    expect(await terminal.ended()).toBe(130)
    expect(terminal.window()).toMatchInlineSnapshot(`
      "SERVER           STATE    ENDPOINT               PID  DETAIL
      kafka            stopped  127.0.0.1:9092
      schema-registry  stopped  http://127.0.0.1:8081
      faults           stopped  (a free port)

      start it with \`evplat up\`
      ^C"
    `)
  })

  describe('schemas delete', () => {
    /** Asks to delete a subject that is there, answers, and says what stands there, what it ended with, and which subjects are left. */
    async function deleting(answer: (terminal: Awaited<ReturnType<typeof openTerminal>>) => void, ...more: string[]) {
      const registry = await startTestRegistry()
      try {
        for (const schema of ['"string"', '"bytes"'])
          await registry.call('POST', '/subjects/orders-value/versions', { schema })
        const args = ['schemas', 'delete', 'orders-value', ...more, '--registry', registry.url]
        const terminal = await openTerminal(args)
        await terminal.until('(type orders-value)')
        answer(terminal)
        const code = await terminal.ended()
        return { code, text: terminal.text(), left: (await registry.call('GET', '/subjects')).body }
      } finally {
        await registry.close()
      }
    }

    test('deletes when the name was typed', async () => {
      const end = await deleting((terminal) => {
        terminal.type('orders-value')
        terminal.press('Enter')
      })
      expect(end).toMatchInlineSnapshot(`
        {
          "code": 0,
          "left": [],
          "text": "subject orders-value: 2 versions (ids stay readable)
        This can not be undone. Delete it? (type orders-value) orders-value
        deleted subject orders-value",
        }
      `)
    })
    test('deletes nothing for a yes', async () => {
      const end = await deleting((terminal) => {
        terminal.type('yes')
        terminal.press('Enter')
      }, '--permanent')
      expect(end).toMatchInlineSnapshot(`
        {
          "code": 130,
          "left": [
            "orders-value",
          ],
          "text": "subject orders-value: 2 versions, removed for good
        This can not be undone. Delete it? (type orders-value) yes
        error[interrupted]: not confirmed, nothing was deleted",
        }
      `)
    })
    test.each(['C-c', 'C-d'])('deletes nothing for %s', async (key) => {
      const end = await deleting((terminal) => terminal.press(key))
      expect(end).toEqual({
        code: 130,
        text: [
          'subject orders-value: 2 versions (ids stay readable)',
          'This can not be undone. Delete it? (type orders-value)',
          'error[interrupted]: not confirmed, nothing was deleted',
        ].join('\n'),
        left: ['orders-value'],
      })
    })
  })

  describe('colour', () => {
    const red = '\u001B[31m'
    test.each([
      ['is there', {}, true],
      ['is not there with NO_COLOR', { NO_COLOR: '1' }, false],
      ['is there with an empty NO_COLOR', { NO_COLOR: '' }, true],
    ])('%s', async (_, env, isThere) => {
      const terminal = await openTerminal(['plan'], { cwd: temporaryFolder(), env, colour: true })
      expect(await terminal.ended()).toBe(1)
      expect(terminal.text()).toContain('platform-missing')
      expect(terminal.text().includes(red)).toBe(isThere)
    })
  })
})
