// A machine that is slow is no trouble of a restart; everything else is.
import { expect, test } from 'vitest'
import { troubling } from './looks.ts'

test('what is down beside the event loop and the broker, or without a word, is told', () => {
  const unready = [['eventLoop'], ['kafka', 'eventLoop'], ['listeners', 'eventLoop'], ['nobody'], []]
  expect(troubling({ looks: 9, unready })).toEqual([['listeners', 'eventLoop'], ['nobody'], []])
})
