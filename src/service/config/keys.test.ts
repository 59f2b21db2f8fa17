import { describe, expect, test } from 'vitest'
import { type Key, keys } from './keys.ts'
import { ofVariable, settingName, variableName } from './names.ts'

describe('the table of keys', () => {
  test('has only defaults and examples that its kinds read', () => {
    const texts = ({ kind, fallback }: Key<unknown>): string[] => [
      kind.example,
      ...(typeof fallback === 'object' ? Object.values(fallback) : [fallback ?? kind.example]),
    ]
    const wrong = Object.entries<Key<unknown>>(keys).filter(([, key]) =>
      texts(key).some((text) => key.kind.read(text) === undefined),
    )
    expect(wrong.map(([name]) => name)).toEqual([])
  })

  test('is found by all the names that people may write', () => {
    for (const name of Object.keys(keys).filter((each) => each !== 'producer.keys')) {
      const full = name === 'logging.level' ? 'logging.level.ROOT' : name
      expect(settingName(name)).toBe(full)
      expect(settingName(name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))).toBe(full)
      expect(ofVariable(variableName(name))).toEqual({ name: full })
      expect(ofVariable(name.replaceAll('.', '_').toUpperCase())).toEqual({ name: full })
    }
  })
})
