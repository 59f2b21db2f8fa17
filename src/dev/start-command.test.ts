import { describe, expect, test } from 'vitest'
import { startCommand } from './start-command.ts'

const withStart = (start: unknown): string => JSON.stringify({ scripts: { start } })

describe('the command of a service', () => {
  test('is run by the Node of evplat', () => {
    const text = withStart('node --enable-source-maps --import @evplat/service/typescript  src/main.ts')
    expect(startCommand(text, 'package.json', '/bin/node')).toEqual([
      '/bin/node',
      '--enable-source-maps',
      '--import',
      '@evplat/service/typescript',
      'src/main.ts',
    ])
  })

  test('goes through npm where it needs a shell, or is another program', () => {
    for (const start of ['node "src/a b.js"', 'PORT=1 node src/main.js', 'tsx src/main.ts', 'node a.js && node b.js'])
      expect(startCommand(withStart(start), 'package.json', 'node')).toEqual(['npm', 'start', '--silent'])
  })

  test('has to be there', () => {
    for (const text of ['{}', withStart(' '), withStart(3), '{"scripts": {}}'])
      expect(() => startCommand(text, 'services/a/package.json', 'node')).toThrow(
        'services/a/package.json has no script "start"',
      )
    expect(() => startCommand('{', 'services/a/package.json', 'node')).toThrow('services/a/package.json is no JSON')
    expect(() => startCommand('null', 'services/a/package.json', 'node')).toThrow('is no JSON object')
  })
})
