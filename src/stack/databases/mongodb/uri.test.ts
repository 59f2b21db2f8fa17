import { describe, expect, test } from 'vitest'
import { endpointOf, membersOf } from './uri.ts'

describe('a connection string of MongoDB', () => {
  test.each([
    ['mongodb://localhost', 'mongodb://localhost/'],
    ['mongodb://ann:s%40cret@db.example:27018/shop?authSource=admin', 'mongodb://db.example:27018/'],
    ['mongodb://a:1,b:2,[::1]:3/?replicaSet=rs0&tls=true', 'mongodb://a:1,b:2,[::1]:3/?tls=true'],
    ['mongodb://a/?ssl=false', 'mongodb://a/?tls=false'],
    ['mongodb+srv://ann:secret@cluster.example/?w=majority', 'mongodb+srv://cluster.example/'],
  ])('%s is shown as %s', (uri, endpoint) => {
    expect(endpointOf(uri)).toBe(endpoint)
    // what is shown is read again
    expect(endpointOf(endpoint)).toBe(endpoint)
  })

  test.each(['', 'localhost:27017', 'http://localhost', 'mongodb://', 'mongodb://ann:p@ss@host/', 'mongodb://a b/'])(
    '%j is none',
    (uri) => expect(endpointOf(uri)).toBeUndefined(),
  )

  test('names the members with their ports', async () => {
    expect(await membersOf('mongodb://a,b:2,[::1]:3/')).toEqual([
      { host: 'a', port: 27_017, tls: false },
      { host: 'b', port: 2, tls: false },
      { host: '::1', port: 3, tls: false },
    ])
    expect(await membersOf('mongodb://[::1]/?tls=true')).toEqual([{ host: '::1', port: 27_017, tls: true }])
  })
})
