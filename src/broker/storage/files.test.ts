// The layers of files keep the same promises.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pid, platform } from 'node:process'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { EvplatError } from '../../core/errors.ts'
import { diskFiles } from './disk-files.ts'
import { requireUnlocked } from './lock.ts'
import type { Files } from './files.ts'
import { memoryFiles } from './memory-files.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evplat-files-'))
  folders.push(folder)
  return folder
}

/** how many files below a folder this process has open (Linux) */
const openHandles = (folder: string): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
    } catch {
      return false // the listing's own
    }
  }).length

const bytes = (text: string): Buffer => Buffer.from(text)
const whole = (files: Files, path: string): string => files.file(path).read(0, 1e6).toString()

describe.each([
  ['disk', () => diskFiles(newFolder())],
  ['disk with two open files', () => diskFiles(newFolder(), { openFiles: 2 })],
  ['memory', memoryFiles],
])('on %s', (_, newFiles) => {
  test('what is appended is read back at any place, and after a cut', () => {
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 3000 }).map((each) => Buffer.from(each))
    const step = fc.oneof(
      fc.record({ append: fc.array(chunk, { minLength: 1, maxLength: 3 }) }),
      fc.record({ cut: fc.nat(5000) }),
      fc.record({ read: fc.tuple(fc.nat(6000), fc.nat(6000)) }),
    )
    let runs = 0
    const files = newFiles()
    files.makeFolder('logs')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const path = `logs/${runs++}.log`
        let model = Buffer.alloc(0)
        for (const each of steps) {
          const file = files.file(path)
          if ('append' in each) {
            expect(file.append(each.append)).toBe(model.length)
            model = Buffer.concat([model, ...each.append])
          } else if ('cut' in each) {
            file.truncate(each.cut)
            model = model.subarray(0, each.cut)
          } else
            expect(file.read(...each.read).equals(model.subarray(each.read[0], each.read[0] + each.read[1]))).toBe(true)
          expect(file.size()).toBe(model.length)
        }
      }),
      { numRuns: 40 },
    )
    files.close()
  })

  test('what a reader holds does not change when the file is cut and written on', () => {
    const files = newFiles()
    const file = files.file('a')
    file.append([bytes('0123456789')])
    const held = file.read(2, 8)
    file.truncate(4)
    file.append([bytes('abcdef')])
    expect(held.toString()).toBe('23456789')
    expect(whole(files, 'a')).toBe('0123abcdef')
  })

  test('files are replaced, renamed and removed, whatever was open', async () => {
    const files = newFiles()
    files.makeFolder('f/g')
    files.file('f/g/one').append([bytes('1')])
    files.file('f/g/two').append([bytes('2')])
    files.replace('small', bytes('old'))
    expect(whole(files, 'small')).toBe('old')
    files.replace('small', bytes('new one'))
    expect(whole(files, 'small')).toBe('new one')
    expect(files.read('small')?.toString()).toBe('new one')
    files.rename('f/g/one', 'f/g/three')
    expect(files.list('f/g').toSorted()).toEqual(['three', 'two'])
    expect(whole(files, 'f/g/three')).toBe('1')
    files.file('f/g/three').append([bytes('!')])
    await files.file('f/g/three').sync()
    files.file('f/g/three').syncNow()
    files.rename('f/g/two', 'f/g/three')
    expect(files.list('f/g')).toEqual(['three'])
    expect(whole(files, 'f/g/three')).toBe('2')
    files.remove('f/g/three')
    files.remove('f/g/three')
    expect(files.list('f/g')).toEqual([])
    expect(files.read('f/g/three')).toBeUndefined()
    expect(files.file('f/g/three').size()).toBe(0)
    expect(files.file('f/g/three').read(0, 10)).toHaveLength(0)
    files.close()
  })

  test('a folder is removed with all that is in it, whatever was open', () => {
    const files = newFiles()
    files.makeFolder('f/g')
    files.makeFolder('fg')
    for (const path of ['f/one', 'f/g/two', 'f/g/three']) files.file(path).append([bytes(path)])
    files.file('fg/four').append([bytes('4')])
    files.removeFolder('f')
    files.removeFolder('f')
    expect(files.list('f')).toEqual([])
    expect(files.list('f/g')).toEqual([])
    expect(files.list('')).toEqual(['fg'])
    expect(files.read('f/g/two')).toBeUndefined()
    expect(files.file('f/g/two').size()).toBe(0)
    expect(whole(files, 'fg/four')).toBe('4')
    files.close()
  })
})

describe('on disk', () => {
  test.skipIf(platform !== 'linux')('many files are used with few of them open', async () => {
    const folder = newFolder()
    const files = diskFiles(folder, { openFiles: 16 })
    const before = openHandles(folder)
    for (let round = 0; round < 2; round++)
      for (let n = 0; n < 1200; n++) {
        files.file(`${n}`).append([bytes(`${round}`)])
        expect(n % 100 === 0 ? openHandles(folder) - before : 0).toBeLessThanOrEqual(16)
      }
    await Promise.all(Array.from({ length: 40 }, (_, n) => files.file(`${n}`).sync()))
    expect(whole(files, '1199')).toBe('01')
    files.close()
    expect(openHandles(folder)).toBe(before)
  })

  const dataLocked = (root: string): unknown => {
    try {
      return diskFiles(root).lock()
    } catch (thrown) {
      return thrown instanceof EvplatError ? thrown.code : thrown
    }
  }

  test('the data belongs to one process; what a dead one held is taken over', () => {
    const root = newFolder()
    const release = diskFiles(root).lock()
    expect(dataLocked(root)).toBe('data-locked')
    release()
    const gone = spawnSync('node', ['-e', '']).pid
    writeFileSync(join(root, 'lock'), `${gone} 12345`)
    const second = diskFiles(root).lock()
    expect(readFileSync(join(root, 'lock'), 'utf8')).toContain(`${pid}`)
    second()
    writeFileSync(join(root, 'lock'), '')
    diskFiles(root).lock()()
    expect(readdirSync(root)).toEqual([])
  })

  test('whether somebody has the data can be asked without taking it', () => {
    const root = newFolder()
    expect(requireUnlocked(join(root, 'nowhere'))).toBeUndefined()
    const release = diskFiles(root).lock()
    expect(() => requireUnlocked(root)).toThrow(`process ${pid} has the data in "${root}" open`)
    release()
    expect(requireUnlocked(root)).toBeUndefined()
    writeFileSync(join(root, 'lock'), `${spawnSync('node', ['-e', '']).pid} 12345`)
    expect(requireUnlocked(root)).toBeUndefined()
  })

  test.skipIf(platform !== 'linux')('a later process with the number of the dead one is not its heir', () => {
    const root = newFolder()
    writeFileSync(join(root, 'lock'), `${pid} 1`)
    diskFiles(root).lock()()
  })
})
