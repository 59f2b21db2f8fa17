// The topics that fetches read from, empty and filled.
import { batchOf } from '../../support/log-fixture.ts'
import { learnIds, put, valued } from '../data-requests.ts'
import { create, topic } from '../requests.ts'
import type { Step } from '../scenario.ts'

export const topics = create(7, [topic('orders', { partitions: 3 }), topic('empty')])
export const abc = batchOf(valued(['a', 'b', 'c']))
export const defg = batchOf(valued(['d', 'e', 'f', 'g']))
export const filled: Step[] = [
  topics,
  learnIds('orders', 'empty'),
  put([['orders', [0, abc], [1, defg]]]),
  put([['orders', [0, defg]]]),
  put([['orders', [0, abc]]]),
]
