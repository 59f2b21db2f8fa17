// The program in a real terminal at a real Kafka: questions, lines that change, typing, reading, Ctrl-C and Ctrl-D. What stands there is
// compared whole where it is the same from run to run.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { type Platform, leftovers, newPlatform, removePlatforms } from '../support/platforms.ts'
import { type Terminal, type TerminalOptions, openTerminal, terminalIsMissing } from '../support/terminal.ts'
import { platform } from '../support/told.ts'

const missing = missingForNative() ?? terminalIsMissing()
const upMs = 120_000

describe.skipIf(missing !== undefined)(`a stack in a terminal${skipNote(missing)}`, () => {
  let stack: Platform
  beforeAll(async () => {
    stack = await newPlatform()
    await declare('topics:', '  notes: {}')
  })
  afterAll(() => removePlatforms())

  function declare(...parts: readonly string[]): Promise<void> {
    const lines = ['stack: { runtime: native, kafka: { version: "4.3", coordination: kraft }, ports: auto }', ...parts]
    return writeFile(join(stack.folder, 'platform.yaml'), platform(...lines))
  }
  const open = (command: string, options: TerminalOptions = {}): Promise<Terminal> =>
    openTerminal(command.split(' '), { cwd: stack.folder, ...options })
  const shown = (terminal: Terminal): string =>
    terminal.text().replaceAll(/\(cluster [\w-]{22}\)/g, '(cluster CLUSTER)')
  /** Runs a command that asks, types the answer, and waits for the end. */
  async function answering(command: string, question: string, ...keys: readonly string[]): Promise<[number, string]> {
    const terminal = await open(command)
    await terminal.until(question)
    for (const key of keys)
      if (/^(C-.|Enter)$/.test(key)) terminal.press(key)
      else terminal.type(key)
    const code = await terminal.ended()
    return [code, shown(terminal)]
  }

  test('`up` ends with Ctrl-C in good order, and leaves nothing', async () => {
    const terminal = await open('up')
    await terminal.until('waiting for kafka', upMs)
    terminal.press('C-c')
    expect(await terminal.ended(upMs)).toBe(130)
    expect(terminal.text()).toMatchInlineSnapshot(`
      "stopped what had been started: kafka
      error[interrupted]: stopped before the end"
    `)
    expect(await leftovers(stack)).toEqual([])
  })
  test('`up` shows what it waits for, and takes that away', async () => {
    const terminal = await open('up')
    await terminal.until('waiting for kafka', upMs)
    expect(await terminal.ended(upMs)).toBe(0)
    const text = terminal.text()
    const told = text.replaceAll(/\d+\.\d s\)|\d+ ms\)/g, 'TIME)').replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    expect(told.replaceAll(/ready {2}(\S+) +\d+/g, 'ready  $1  PID').replaceAll(/ {2,}/g, '  ')).toMatchInlineSnapshot(`
      "kafka is ready at ADDRESS (TIME)
      schema-registry is ready at http://ADDRESS (TIME)
      SERVER  STATE  ENDPOINT  PID  DETAIL
      kafka  ready  ADDRESS  PID
      schema-registry  ready  http://ADDRESS  PID

      next: \`evplat apply\`"
    `)
  })
  test('`apply` shows its plan, and takes no, Ctrl-C and Ctrl-D for a no', async () => {
    const question = 'Apply this to local? [y/N]'
    const [code, text] = await answering('apply', question, 'n', 'Enter')
    expect([code, text]).toMatchInlineSnapshot(`
      [
        130,
        "shop in local (cluster CLUSTER)

        + topic notes
            partitions   1
            replication  1

      Plan: 1 to create, 0 unchanged.

      Apply this to local? [y/N] n
      error[interrupted]: not confirmed, nothing was applied",
      ]
    `)
    const [first] = text.split(question)
    for (const key of ['C-c', 'C-d'])
      expect(await answering('apply', question, key)).toEqual([
        130,
        `${first}${question}\nerror[interrupted]: not confirmed, nothing was applied`,
      ])
    expect(JSON.parse((await stack.run('topics', 'list', '-o', 'json')).stdout)).toEqual([])
  })
  test('`apply` takes a yes', async () => {
    const [code, text] = await answering('apply', '[y/N]', 'y', 'Enter')
    expect([code, text.split('\n').slice(-2)]).toEqual([0, ['Apply this to local? [y/N] y', 'Applied: 1 done.']])
  })
  test('`apply` wants the name of the environment where records are in danger', async () => {
    await declare('topics:', '  notes: { config: { retention.ms: 1h } }')
    const question = 'Apply this to local? (type local)'
    expect(await answering('apply', question, 'yes', 'Enter')).toMatchInlineSnapshot(`
      [
        130,
        "shop in local (cluster CLUSTER)

        ~ topic notes
            config.retention.ms  604800000 (7d) -> 3600000 (1h)
            danger: records may be deleted

      Plan: 1 to update, 0 unchanged.

      Apply this to local? (type local) yes
      error[interrupted]: not confirmed, nothing was applied",
      ]
    `)
    const [code, text] = await answering('apply', question, 'local', 'Enter')
    expect([code, text.split('\n').slice(-2)]).toEqual([0, [`${question} local`, 'Applied: 1 done.']])
  })
  test('`produce` takes typed lines until Ctrl-D', async () => {
    const terminal = await open('produce notes')
    await terminal.until('Ctrl-D ends')
    terminal.type('first')
    terminal.press('Enter')
    terminal.type('second')
    terminal.press('Enter', 'C-d')
    expect(await terminal.ended()).toBe(0)
    expect(terminal.text()).toMatchInlineSnapshot(`
      "type a value per line; Ctrl-D ends
      first
      second
      2 records written to notes"
    `)
  })
  test('`produce` writes at Ctrl-C what was typed, but for a half line', async () => {
    const terminal = await open('produce notes --partition 0')
    await terminal.until('Ctrl-D ends')
    terminal.type('third')
    terminal.press('Enter')
    terminal.type('half a li')
    await terminal.until('half a li')
    // Ctrl-C takes away what the program has not read from the terminal yet
    const isWritten = async (): Promise<true | undefined> =>
      (await stack.succeed('consume', 'notes', '--exit', '-o', 'raw')).stdout.includes('third') || undefined
    expect(await waitFor(isWritten, { timeoutMs: 30_000, everyMs: 100 })).toBe(true)
    terminal.press('C-c')
    expect(await terminal.ended()).toBe(130)
    expect(terminal.text()).toMatchInlineSnapshot(`
      "type a value per line; Ctrl-D ends
      third
      half a li^C
      stopped; 1 record written to notes"
    `)
  })
  test('`produce` asks for JSON where the topic is declared so', async () => {
    await declare('topics:', '  notes: { value: json, config: { retention.ms: 1h } }')
    const terminal = await open('produce notes')
    await terminal.until('type a value as JSON per line; Ctrl-D ends')
    terminal.press('C-d')
    expect(await terminal.ended()).toBe(0)
    await declare('topics:', '  notes: { config: { retention.ms: 1h } }')
  })
  test('`consume` shows records in colour as they come, until Ctrl-C', async () => {
    const terminal = await open('consume notes', { colour: true })
    await terminal.until('third')
    await stack.succeed('produce', 'notes', '--key', 'k', '--tombstone')
    await terminal.until('tombstone')
    terminal.press('C-c')
    expect(await terminal.ended()).toBe(130)
    const text = terminal
      .text()
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll('\u001B', '<ESC>')
    expect(text.split('\n').toSorted()).toMatchInlineSnapshot(`
      [
        "<ESC>[2m0:0  TIME<ESC>[0m<ESC>[39m<ESC>[49m  <ESC>[36m-<ESC>[39m  first",
        "<ESC>[2m0:1  TIME<ESC>[0m<ESC>[39m<ESC>[49m  <ESC>[36m-<ESC>[39m  second",
        "<ESC>[2m0:2  TIME<ESC>[0m<ESC>[39m<ESC>[49m  <ESC>[36m-<ESC>[39m  third",
        "<ESC>[2m0:3  TIME<ESC>[0m<ESC>[39m<ESC>[49m  <ESC>[36mk<ESC>[39m  <ESC>[33mtombstone",
        "<ESC>[39m^C",
      ]
    `)
  })
  test('`consume` is without colour for NO_COLOR, and JSON where that is wanted', async () => {
    const terminal = await open('consume notes --from -1 --partition 0 --exit -o json', {
      env: { NO_COLOR: '1' },
      colour: true,
    })
    expect(await terminal.ended()).toBe(0)
    expect(JSON.parse(terminal.text())).toMatchObject({ topic: 'notes', partition: 0 })
  })
  test('tables keep their columns in a narrow window: the terminal breaks the lines', async () => {
    const terminal = await open('topics list', { columns: 40 })
    expect(await terminal.ended()).toBe(0)
    expect(terminal.text()).toMatchInlineSnapshot(`
      "TOPIC  PARTITIONS  REPLICATION  OUT OF SYNC  DECLARED
      notes  1           1            0            yes"
    `)
  })
  test.each([
    ['comes and goes in a narrow window', {}, 24, true],
    ['does not come on a dumb terminal', { TERM: 'dumb' }, 100, false],
  ])('a line that changes %s', async (_, env, columns, isThere) => {
    const terminal = await open('plan', { columns, env: { ...env, NO_COLOR: '1' } })
    expect(await terminal.ended()).toBe(0)
    expect(shown(terminal)).toBe('shop in local (cluster CLUSTER)\n\nNo changes: 1 unchanged.')
    expect(terminal.written()).toContain('No changes')
    expect(terminal.written().includes('\u001B[2K')).toBe(isThere)
  })
  test('`topics delete` wants the name', async () => {
    const question = 'Delete it? (type notes)'
    expect(await answering('topics delete notes', question, 'y', 'Enter')).toMatchInlineSnapshot(`
      [
        130,
        "topic notes: 1 partition, about 4 records
      This can not be undone. Delete it? (type notes) y
      error[interrupted]: not confirmed, nothing was deleted",
      ]
    `)
    const [code, text] = await answering('topics delete notes', question, 'C-c')
    expect([code, text.split('\n').at(-1)]).toEqual([130, 'error[interrupted]: not confirmed, nothing was deleted'])
    expect(await answering('topics delete notes', question, 'notes', 'Enter')).toMatchInlineSnapshot(`
      [
        0,
        "topic notes: 1 partition, about 4 records
      This can not be undone. Delete it? (type notes) notes
      deleted topic notes",
      ]
    `)
  })
  test('`down --volumes` asks, and stops nothing for a no', async () => {
    const question = 'This can not be undone. Delete them? [y/N]'
    for (const keys of [['n', 'Enter'], ['C-c']]) {
      const [code, text] = await answering('down --volumes', question, ...keys)
      expect([code, text.split('\n').at(-1)]).toEqual([
        130,
        'error[interrupted]: not confirmed, nothing was stopped, nothing was deleted',
      ])
    }
    expect((await stack.status()).servers.map(({ state }) => state)).toEqual(['ready', 'ready'])
    const [code, text] = await answering('down --volumes', question, 'y', 'Enter')
    expect([code, text.split('\n').at(-2)]).toEqual([0, 'stopped schema-registry, kafka'])
    expect(await leftovers(stack)).toEqual([])
  })
})
