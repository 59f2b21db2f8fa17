// The judges of a crash run see what is wrong, and only that.
import { describe, expect, test } from 'vitest'
import { Commits } from './commits.ts'
import { Ledger } from './ledger.ts'
import { PartitionHistory } from './partition-history.ts'

describe('a committed offset may be', () => {
  test('the last that was acknowledged, and none before it', () => {
    const commits = new Commits()
    const fetchNothing = commits.beginFetch()
    expect(fetchNothing(-1, '')).toBeUndefined()
    const [first, second] = [commits.send(1), commits.send(2)]
    commits.end(first, 'acknowledged')
    commits.end(second, 'acknowledged')
    const third = commits.send(3)
    commits.end(third, 'acknowledged')
    const judge = commits.beginFetch()
    expect(judge(3, third.id)).toBeUndefined()
    for (const wrong of [judge(2, second.id), judge(3, first.id), judge(-1, '')]) expect(wrong).toBeTypeOf('string')
  })

  test('one that was lost, until a later one is acknowledged, and none that was refused', () => {
    const commits = new Commits()
    commits.end(commits.send(1), 'acknowledged')
    const [lost, refused] = [commits.send(2), commits.send(3)]
    commits.end(lost, 'lost')
    commits.end(refused, 'refused')
    const judge = commits.beginFetch()
    expect(judge(2, lost.id)).toBeUndefined()
    expect(judge(3, refused.id)).toBeTypeOf('string')
    commits.end(commits.send(4), 'acknowledged')
    expect(judge(2, lost.id)).toBeUndefined() // this answer was under way then
    expect(commits.beginFetch()(2, lost.id)).toBeTypeOf('string')
  })
})

describe('of a partition', () => {
  function newHistory(loses: 'nothing' | 'older values of a key') {
    const problems: string[] = []
    const ledger = new Ledger(1000)
    const history = new PartitionHistory('t', 0, loses, { ledger, report: (problem) => problems.push(problem) })
    const [one, two] = [0, 1].map((n) => {
      const content = { key: 'k', value: `${n}` }
      return { ...content, timestamp: ledger.enter({ producer: 1, n }, content) }
    })
    return { history, problems, one: one!, two: two! }
  }

  test('an offset keeps its record', () => {
    const { history, problems, one, two } = newHistory('nothing')
    history.acknowledge(0, one.timestamp, one.key, false)
    history.see({ offset: 0, ...one })
    expect(problems).toEqual([])
    history.see({ offset: 0, ...two })
    history.see({ offset: 1, ...two, value: 'other' })
    expect(problems).toEqual([
      't-0: at 0 record 1 was read, where record 0 was before',
      't-0: at 1 is a record that nobody sent',
    ])
  })

  test('the start moves forward, and the end is never before what is known', () => {
    const { history, problems, one } = newHistory('nothing')
    history.acknowledge(7, one.timestamp, one.key, false)
    history.seeEnd(8, history.end)
    history.seeStart(3)
    expect(problems).toEqual([])
    history.seeEnd(7, history.end)
    history.seeStart(2)
    expect(problems).toHaveLength(2)
  })

  test('the last acknowledged value of a key stays, unless more was sent meanwhile', () => {
    const { history, one, two } = newHistory('older values of a key')
    const lost = new Map<string, number>()
    history.send('k')
    history.acknowledge(4, one.timestamp, 'k', false)
    expect(history.beginKeys()(new Map([['k', 4]]))).toEqual([])
    expect(history.beginKeys()(new Map([['k', 3]]))).toHaveLength(1)
    expect(history.beginKeys()(lost)).toHaveLength(1)
    history.send('k')
    expect(history.beginKeys()(lost)).toEqual([])
    history.acknowledge(5, two.timestamp, 'k', true)
    expect(history.beginKeys()(lost)).toEqual([])
  })
})
