import { expect, test } from 'vitest'
import { withoutUserInfo } from './user-info.ts'

test.each([
  ['http://ann:secret@host:1/path', 'http://***@host:1/path'],
  ['"https://token@host" and http://a:b@c', '"https://***@host" and http://***@c'],
  ['--registry=HTTP://ann:se/cr@et@host', '--registry=HTTP://***@host'],
  ['http://host:8081/subjects "a@b"', 'http://host:8081/subjects "a@b"'],
  [
    'see https://example.org/@scope/name, or write to me@example.org',
    'see https://example.org/@scope/name, or write to me@example.org',
  ],
])('%s', (text, shown) => expect(withoutUserInfo(text)).toBe(shown))
